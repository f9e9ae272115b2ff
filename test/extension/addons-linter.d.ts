/** As much of Mozilla's linter, which is what `web-ext lint` runs, as the test uses; the package has no types. */
declare module 'addons-linter' {
  interface Found {
    readonly code: string;
    readonly message: string;
    readonly file?: string;
  }
  interface Results {
    readonly errors: readonly Found[];
    readonly warnings: readonly Found[];
    readonly notices: readonly Found[];
  }
  const linter: {
    createInstance(options: { readonly config: Readonly<Record<string, unknown>>; readonly runAsBinary: boolean }): {
      run(): Promise<Results>;
    };
  };
  export default linter;
}
