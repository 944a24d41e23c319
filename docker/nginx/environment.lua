-- What the environment says, as nginx's variables; it can be read from nowhere else.
local environment = {}

--- The content policy of backend/src/headers.rs. `PHOTOBOOTH_STORAGE_ORIGIN` is where the browser reaches the storage,
--- https://bucket.s3.region.amazonaws.com for example; without it, the storage is on the page's own origin.
function environment.content_policy()
  local origin = os.getenv("PHOTOBOOTH_STORAGE_ORIGIN") or ""
  local storage = origin ~= "" and " " .. origin or ""
  return table.concat({
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob: data:" .. storage,
    "media-src 'self' blob:",
    "connect-src 'self'" .. storage,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  }, "; ")
end

--- A year of https, where `PHOTOBOOTH_PUBLIC_SCHEME` says that guests come by it; nginx leaves an empty header out.
function environment.transport_policy()
  return os.getenv("PHOTOBOOTH_PUBLIC_SCHEME") == "https" and "max-age=31536000" or ""
end

return environment
