import type { Words } from '@wenshu/schema/errors.ts';
import { Zip, ZipDeflate } from 'fflate';
import type { Column } from '../columns.ts';
import { Interrupted } from '../read-pages.ts';
import { type Format, type Row, rowsOf } from './format.ts';

/**
 * Maximum rows of a sheet without its header: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
 */
const maxRows = 1_048_575;

/** Maximum characters of a cell. */
const maxCharacters = 32_767;

/**
 * A workbook with one sheet, in the smallest form that ECMA-376 allows. Texts are stored as texts, so none is a
 * formula. Whole numbers, and decimals that a double holds exactly, are numbers; other decimals are texts with all
 * their digits.
 */
export const xlsx: Format = {
  contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  refuseRows,
  async *write(columns, pages) {
    let waiting: Uint8Array[] = [];
    const zip = new Zip((error, chunk) => {
      if (error) throw error;
      waiting.push(chunk);
    });
    const taken = () => {
      const chunks = waiting;
      waiting = [];
      return Buffer.concat(chunks);
    };
    for (const [name, text] of Object.entries(parts)) {
      const file = new ZipDeflate(name);
      zip.add(file);
      file.push(Buffer.from(text), true);
    }
    const sheet = new ZipDeflate('xl/worksheets/sheet1.xml', { level: 3 });
    zip.add(sheet);
    sheet.push(Buffer.from(sheetStart + rowXml(columns.map(({ name }) => textCell(name)))));
    let rows = 0;
    for await (const lines of pages) {
      for (const read of rowsOf(lines)) {
        rows += read.length;
        const problem = refuseRows(rows);
        if (problem) {
          throw new Interrupted('EXPORT_REFUSED', problem.message, { messageZh: problem.messageZh });
        }
        const written = read.map((row) => rowXml(columns.map((each) => cellXml(each, row))));
        sheet.push(Buffer.from(written.join('')));
        yield taken();
      }
    }
    sheet.push(Buffer.from(sheetEnd), true);
    zip.end();
    yield taken();
  },
};

function refuseRows(rows: number): Words | undefined {
  if (rows <= maxRows) return undefined;
  return {
    message: `A sheet of Excel holds ${maxRows} rows, and there are more: export them as csv or parquet, or filter them.`,
    messageZh: `Excel 工作表至多容纳 ${maxRows} 行,而结果超出此数:请导出为 csv 或 parquet,或加筛选条件。`,
  };
}

const rowXml = (cells: readonly string[]) => `<row>${cells.join('')}</row>`;

function cellXml({ name, kind, isList }: Column, row: Row): string {
  const value = row[name];
  if (value === null || value === undefined) return '<c/>';
  if (isList && Array.isArray(value)) return textCell(value.join(';'));
  if (kind === 'boolean') return `<c t="b"><v>${value ? 1 : 0}</v></c>`;
  if (kind === 'integer' || kind === 'float') return `<c><v>${value}</v></c>`;
  if (kind === 'decimal' && isExact(String(value))) return `<c><v>${value}</v></c>`;
  return textCell(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Whether Excel keeps a decimal exactly: it computes with 15 digits. */
const isExact = (decimal: string) => decimal.replace(/\D/g, '').length <= 15;

const textCell = (text: string) =>
  `<c t="inlineStr"><is><t xml:space="preserve">${escaped(text.slice(0, maxCharacters))}</t></is></c>`;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Escapes a text, without the characters that XML does not allow: https://www.w3.org/TR/xml/#charsets */
const escaped = (text: string) =>
  text
    .replace(/[&<>]/g, (each) => entities[each] ?? '')
    .replace(/[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaged = 'http://schemas.openxmlformats.org/package/2006';
const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const sheetStart = `${xml}<worksheet xmlns="${main}"><sheetData>`;
const sheetEnd = '</sheetData></worksheet>';

const parts: Readonly<Record<string, string>> = {
  '[Content_Types].xml':
    `${xml}<Types xmlns="${packaged}/content-types">` +
    `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
    `<Override PartName="/xl/workbook.xml" ContentType="${spreadsheet}.sheet.main+xml"/>` +
    `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${spreadsheet}.worksheet+xml"/></Types>`,
  '_rels/.rels':
    `${xml}<Relationships xmlns="${packaged}/relationships">` +
    `<Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml':
    `${xml}<workbook xmlns="${main}" xmlns:r="${office}">` +
    `<sheets><sheet name="export" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels':
    `${xml}<Relationships xmlns="${packaged}/relationships">` +
    `<Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
};
