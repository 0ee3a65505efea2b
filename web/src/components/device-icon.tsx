import { AppWindow, Monitor, Smartphone } from 'lucide-react';
import type { AppType } from '../generated/account-operations.ts';

/** The kind of device of a session. Decorative: the text beside it names the device. */
export function DeviceIcon({ appType, device }: { appType: AppType; device: string | null }) {
  if (/iOS|iPadOS|iPhone|iPad|Android/.test(device ?? '')) return <Smartphone size={20} aria-hidden />;
  return appType === 'TENANT_APP' ? <AppWindow size={20} aria-hidden /> : <Monitor size={20} aria-hidden />;
}
