/** A key of the API. Key: `apiKeyId`; a null value revokes it. */
export interface ApiKeyRecorded {
  readonly workspaceId: string;
  readonly apiKeyId: string;
  readonly name: string;
  /** SHA-256 of the secret, base64url. */
  readonly secretHash: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  /** The key that a rotation put in its place; both open until this one expires. */
  readonly replacedBy: string | null;
}

/** Who changed or read what, chained by hash within the workspace. Key: `workspaceId`. */
export interface AuditRecorded {
  readonly workspaceId: string;
  readonly sequence: number;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly details: Readonly<Record<string, string>>;
  readonly previousHash: string;
  readonly hash: string;
}
