export const SECURITY_HEADERS: Readonly<Record<string, string>>;
export const API_POLICY: string;
export const FILE_POLICY: string;
