import { Trans } from '@lingui/react/macro';
import { Table } from '@mantine/core';
import { type LocalForecastSlice, totalOf } from './expiry-forecast.ts';
import { sliceLabels } from './slice-labels.ts';

/** The numbers of the chart, without the slices in which no session ends. */
export function ExpiryForecastTable({ id, slices }: { id: string; slices: readonly LocalForecastSlice[] }) {
  const labels = sliceLabels(slices[0]!.from, slices.at(-1)!.to);
  return (
    <Table id={id} mt="xs" withRowBorders tabularNums captionSide="bottom">
      <Table.Caption>
        <Trans>Times without an end are not listed.</Trans>
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">
            <Trans>Time</Trans>
          </Table.Th>
          <Table.Th scope="col">
            <Trans>Idle limit</Trans>
          </Table.Th>
          <Table.Th scope="col">
            <Trans>Absolute limit</Trans>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {slices
          .filter((slice) => totalOf(slice) > 0)
          .map((slice) => (
            <Table.Tr key={slice.startsAt}>
              <Table.Th scope="row">{labels.span(slice.from, slice.to)}</Table.Th>
              <Table.Td>{slice.idle}</Table.Td>
              <Table.Td>{slice.absolute}</Table.Td>
            </Table.Tr>
          ))}
      </Table.Tbody>
    </Table>
  );
}
