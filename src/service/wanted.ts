/** What is wanted of a JSON value: all of it, or of an object, or of each object in an array, these members. */
export type Wanted = true | { readonly [name: string]: Wanted };
