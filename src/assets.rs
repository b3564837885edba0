//! The web app and the widget, built into the binary.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/web/dist"]
#[allow_missing = true]
struct Dist;

/// Serves a file of the web part; every other page is the app, which knows its own addresses.
pub(crate) async fn serve(request: HttpRequest) -> HttpResponse {
    let path = request.path().trim_start_matches('/');
    let known = match path {
        "" => None,
        "widget-test" => Dist::get("widget-test.html").map(|file| ("widget-test.html", file)),
        path => Dist::get(path).map(|file| (path, file)),
    };
    if let Some((path, file)) = known {
        return answer(&request, path, &file);
    }
    if path.rsplit('/').next().is_some_and(|name| name.contains('.')) {
        return HttpResponse::NotFound().content_type("text/plain").body("not found");
    }
    match Dist::get("index.html") {
        Some(file) => answer(&request, "index.html", &file),
        None => HttpResponse::ServiceUnavailable()
            .content_type("text/plain")
            .body("the web part was not built: make web"),
    }
}

fn answer(request: &HttpRequest, path: &str, file: &EmbeddedFile) -> HttpResponse {
    let hash = file.metadata.sha256_hash();
    let tag = format!(
        "\"{}\"",
        hash.iter()
            .take(12)
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    );
    // Names under assets/ carry a hash of what is inside; everything else may change any time.
    let is_forever = path.starts_with("assets/");
    let keep = if is_forever {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let is_known = request
        .headers()
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes());
    if is_known {
        return HttpResponse::NotModified().insert_header((ETAG, tag)).finish();
    }
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kind = if kind.type_() == "text" || kind.subtype() == "javascript" {
        format!("{kind}; charset=utf-8")
    } else {
        kind.to_string()
    };
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CACHE_CONTROL, keep))
        .insert_header((ETAG, tag))
        .body(file.data.to_vec())
}
