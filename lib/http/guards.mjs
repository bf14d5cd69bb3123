/** On every answer: pages, API, files, and what is said before Next sees a request. */
export const SECURITY_HEADERS = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
};

/** JSON and downloads need nothing, so they may load nothing. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

/** Nor do files; but the icon has its colours in a style of its own. */
export const FILE_POLICY = `${API_POLICY}; style-src 'unsafe-inline'`;
