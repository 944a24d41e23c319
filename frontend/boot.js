// Starts the program: fetches its two files, which trunk names by their content, and runs them.

const linked = (selector) => document.querySelector(selector)?.href;

try {
  const program = await import(linked('link[rel="modulepreload"]'));
  await program.default({ module_or_path: linked('link[rel="preload"][as="fetch"]') });
} catch (reason) {
  console.error(reason);
  document.getElementById("splash")?.classList.add("failed");
}
