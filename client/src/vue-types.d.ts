// What `vue.ts` uses of Vue 3, which is not installed here: a test runs the file with the real one. Not in the package,
// whose types import those of the application's Vue.
declare module 'vue' {
  export interface ShallowRef<T = unknown> {
    value: T;
  }
  // As in Vue.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type, @typescript-eslint/no-wrapper-object-types
  export interface InjectionKey<T> extends Symbol {}
  export interface App<HostElement = unknown> {
    provide<T>(key: InjectionKey<T>, value: T): this;
    readonly host?: HostElement;
  }
  export function shallowRef<T>(value: T): ShallowRef<T>;
  export function inject<T>(key: InjectionKey<T>, fallback: T | null): T | null;
  export function onScopeDispose(dispose: () => void): void;
}
