/// <reference types="vite/client" />
declare module '@fontsource-variable/noto-sans-sc';
/** For tools that do not read Vue files themselves; vue-tsc does and takes the real types. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  export default component;
}
