import { Table } from '@mantine/core';
import { totalOf } from './endings.ts';
import type { LocalSlice } from './local-slice.ts';
import { sliceWords } from './slice-words.ts';

/** The chart's numbers; the times at which nothing ends are left out. */
export function EndingsTable({ id, slices }: { id: string; slices: readonly LocalSlice[] }) {
  const words = sliceWords(slices[0]!.from, slices.at(-1)!.to);
  return (
    <Table id={id} mt="xs" withRowBorders tabularNums captionSide="bottom">
      <Table.Caption>Times at which no session ends are left out.</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Time</Table.Th>
          <Table.Th scope="col">By inactivity</Table.Th>
          <Table.Th scope="col">By the time limit</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {slices
          .filter((slice) => totalOf(slice) > 0)
          .map((slice) => (
            <Table.Tr key={slice.startsAt}>
              <Table.Th scope="row">{words.span(slice.from, slice.to)}</Table.Th>
              <Table.Td>{slice.idle}</Table.Td>
              <Table.Td>{slice.absolute}</Table.Td>
            </Table.Tr>
          ))}
      </Table.Tbody>
    </Table>
  );
}
