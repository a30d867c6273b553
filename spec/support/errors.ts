/** What goes wrong, as a value to look at. @module */

/** What a promise is rejected with. @throws an error for one that is fulfilled. */
export async function error_of(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown.");
}
