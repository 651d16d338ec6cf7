// What the page has written down of its drafts.

/** Runs in the page: the drafts that are kept, as one text, and how many files and folders are kept with them. */
export async function keptDrafts() {
  const result = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const database = await result(indexedDB.open("jobsphere"));
  try {
    const transaction = database.transaction(["drafts", "sources"]);
    const [drafts, sources] = await Promise.all([
      result(transaction.objectStore("drafts").getAll()),
      result(transaction.objectStore("sources").count()),
    ]);
    return { text: drafts.join("\n"), sources };
  } finally {
    database.close();
  }
}
