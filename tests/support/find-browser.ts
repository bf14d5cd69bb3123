import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";

/** Chromium without the window around the page, which costs as much again as the page. */
const SHELL = "chromium-headless-shell";
const PROGRAMS = [SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC = ["Google Chrome", "Chromium"].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

/** The program of an installed Chromium: the system's first, then the one of Playwright's own cache. */
export function findBrowser(): string | undefined {
  const candidates = PROGRAMS.flatMap(pathsOf);
  return [...candidates, ...MAC, chromium.executablePath()].find((path) => existsSync(path));
}

function pathsOf(name: string): string[] {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin"];
  return folders.map((folder) => join(folder, name));
}

/** Debian's package of the shell, where a whole browser would do but be slower. Without it that one is used. */
export function installShell(): void {
  if (process.getuid?.() !== 0 || pathsOf(SHELL).some((path) => existsSync(path))) return;
  spawnSync("apt-get", ["update"], { stdio: "inherit" });
  spawnSync("apt-get", ["install", "-y", "--no-install-recommends", SHELL], { stdio: "inherit" });
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
