import { useLingui } from '@lingui/react/macro';
import { Radio, Stack } from '@mantine/core';
import type { Role } from '../../generated/people-operations.ts';

interface RoleFieldProps {
  value: Role;
  onChange(role: Role): void;
}

export function RoleField({ value, onChange }: RoleFieldProps) {
  const { t } = useLingui();
  return (
    <Radio.Group
      label={t`Role`}
      value={value}
      onChange={(role) => onChange(role === 'OWNER' ? 'OWNER' : 'MEMBER')}
    >
      <Stack gap="xs" mt={6}>
        <Radio value="MEMBER" label={t`Member`} description={t`Sees and ends their own sessions.`} />
        <Radio
          value="OWNER"
          label={t`Owner`}
          description={t`Also sets the policy, manages people and applications, and signs anyone out.`}
        />
      </Stack>
    </Radio.Group>
  );
}
