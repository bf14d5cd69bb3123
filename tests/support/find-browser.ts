import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC = ["Google Chrome", "Chromium"].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

/** The program of an installed Chromium: the system's first, then the one of Playwright's own cache. */
export function findBrowser(): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin"];
  const candidates = folders.flatMap((folder) => PROGRAMS.map((name) => join(folder, name)));
  return [...candidates, ...MAC, chromium.executablePath()].find((path) => existsSync(path));
}

/** Tries Playwright's download, then, as root, Debian's package. Answers whether there is one now. */
export function installBrowser(): boolean {
  const attempts = [["npx", "playwright", "install", "chromium"]];
  if (process.getuid?.() === 0) {
    attempts.push(["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]);
  }
  for (const [file = "", ...args] of attempts) {
    spawnSync(file, args, { stdio: "inherit" });
    if (findBrowser()) return true;
  }
  return false;
}
