//! Inputs of cluster-metrics monitors: one of a few APIs of the cluster itself.

use serde_json::{Value, json};

use super::super::fault::Fault;
use super::super::line_differences::monitors as lines;
use super::super::reader::{Reader, Token};
use super::fields;
use crate::api::line::Line;
use crate::api::wire::cluster_apis::{self, Api, Params};

/// Where the server asks itself.
const ROOT: &str = "http://localhost:9200";

/// Reads the input that begins here, and gives what is shown of it.
pub fn parse(reader: &mut Reader, line: Line) -> Result<Value, Fault> {
    let (mut api_type, mut path, mut params, mut url) =
        (String::new(), String::new(), String::new(), String::new());
    let mut clusters = Vec::new();
    fields::object(reader, |reader, key| {
        match key {
            "api_type" => api_type = reader.text()?,
            "path" => path = reader.text()?,
            "path_params" => params = reader.text()?,
            "url" => url = reader.text()?,
            "clusters" if lines::asks_other_clusters(line) && *reader.token() != Token::Null => {
                clusters = fields::texts(reader)?;
            }
            _ => {}
        }
        Ok(())
    })?;
    let (path, url) = (path.trim().to_owned(), url.trim().to_owned());
    if path.is_empty() && url.is_empty() {
        let reason = "The uri.api_type field, uri.path field, or uri.uri field must be defined.";
        return Err(Fault::illegal_argument(reason));
    }
    let asked = if path.is_empty() { path_of(&url)? } else { path.trim_start_matches('/').to_owned() };
    let api = determined(&asked, line)
        .ok_or_else(|| Fault::illegal_argument("The API could not be determined from the provided URI."))?;
    if params.is_empty() {
        asked[api.path.len()..].trim_matches('/').clone_into(&mut params);
    }
    match (api.params, params.is_empty()) {
        (Params::Required, true) => {
            return Err(Fault::illegal_argument("The API requires path parameters."));
        }
        (Params::None, false) => {
            return Err(Fault::illegal_argument("The API does not use path parameters."));
        }
        _ => {}
    }
    lines::check_api_type(line, &api_type, api.name, &path)?;
    let built = format!("{ROOT}/{}{}", api.path, lines::path_params(line, &params));
    if !url.is_empty() && !path.is_empty() && url != built {
        return Err(Fault::illegal_argument("The provided URL and URI fields form different URLs."));
    }
    let url = if url.is_empty() { built } else { url };
    let path = if path.is_empty() { format!("/{}", api.path) } else { path };
    let mut shown = json!({"api_type": api.name, "path": path, "path_params": params, "url": url});
    if lines::asks_other_clusters(line) {
        shown["clusters"] = clusters.into();
    }
    Ok(json!({"uri": shown}))
}

fn determined(path: &str, line: Line) -> Option<&'static Api> {
    let (api, _) = cluster_apis::asked(path)?;
    api.lines().contains(&line).then_some(api)
}

fn path_of(url: &str) -> Result<String, Fault> {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let (host, path) =
        rest.and_then(|rest| rest.split_once('/')).ok_or_else(|| Fault::illegal_argument("Invalid URL."))?;
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    if name != "localhost" {
        return Err(Fault::illegal_argument("Only host 'localhost' is supported."));
    }
    if port != "9200" {
        return Err(Fault::illegal_argument("Only port '9200' is supported."));
    }
    Ok(path.to_owned())
}
