// 本物の認証サーバー (real provider): PKCE is required; it may be told to lie, and to take new keys.
// Arguments: port, redirect URI of the pages, secret of their client.
import { createServer } from "node:http";
import { CompactSign, exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

const [port, pages, secret] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

const people = {
  manager: { groups: ["privacy_manager"] },
  lead: { email: "team-lead@example.jp", email_verified: true, groups: ["team_member"] },
};

const clients = [
  {
    client_id: "minaoshi",
    client_secret: secret,
    redirect_uris: [`${pages}/sign-in/return`],
    post_logout_redirect_uris: [`${pages}/sign-in`],
  },
  {
    client_id: "minaoshi-terminal",
    application_type: "native",
    token_endpoint_auth_method: "none",
    redirect_uris: ["http://127.0.0.1/sign-in/return"],
    grant_types: ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"],
  },
];

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

let lie = "";
let key;

/** Give the token as it is told to be: unsigned, for another client, or long expired. */
async function lying(token) {
  const [head, body] = token.split(".").slice(0, 2).map((one) => JSON.parse(Buffer.from(one, "base64url")));
  if (lie === "unsigned") return `${part({ ...head, alg: "none" })}.${part(body)}.`;
  const changed = lie === "audience" ? { ...body, aud: "another" } : { ...body, exp: body.iat - 3600 };
  return new CompactSign(new TextEncoder().encode(JSON.stringify(changed))).setProtectedHeader(head).sign(key);
}

async function start(keyId) {
  const pair = await generateKeyPair("RS256", { extractable: true });
  key = pair.privateKey;
  const provider = new Provider(issuer, {
    clients,
    jwks: { keys: [{ ...(await exportJWK(pair.privateKey)), kid: keyId, use: "sig", alg: "RS256" }] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["groups"] },
    cookies: { keys: ["of a test"] },
    features: { deviceFlow: { enabled: true } },
    findAccount: (_, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId, ...people[accountId] }),
    }),
    pkce: { required: () => true },
  });
  provider.use(async (context, next) => {
    await next();
    if (lie && context.path === "/token" && context.body?.id_token) {
      context.body = { ...context.body, id_token: await lying(context.body.id_token) };
    }
  });
  return provider.callback();
}

let answer = await start("first");
createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, issuer);
  if (pathname === "/told/lie") {
    lie = searchParams.get("as") ?? "";
    response.end();
  } else if (pathname === "/told/rotate") {
    answer = await start(`at-${Date.now()}`);
    response.end();
  } else {
    answer(request, response);
  }
}).listen(Number(port), "127.0.0.1", () => console.log("listening"));
