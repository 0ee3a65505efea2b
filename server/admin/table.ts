/** Columns as wide as their widest cell, the first row above a line. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const toLine = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd();
  const [head, ...body] = rows;
  return [toLine(head!), toLine(widths.map((width) => '-'.repeat(width))), ...body.map(toLine)].join('\n');
}
