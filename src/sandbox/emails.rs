//! Email accounts and groups, as Open Distro and 1.x have them; from 2.0 on they can only be read, and there are none.

mod body;

use serde_json::{Map, Value, json};

use super::destinations;
use super::exchange::{Request, Response};
use super::fault::Fault;
use super::index::Document;
use super::line_differences as lines;
use super::params;
use super::reader::Reader;
use super::refusal::Refusal;
use super::routes::{ALL, Prefix, Route, TO_1_X, route};
use super::search;
use super::state::{Change, Home, State};

const SEARCH: &[&str] = &["source", "source_content_type"];
const WRITE: &[&str] = &["refresh", "if_seq_no", "if_primary_term"];

/// The routes of accounts and groups.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    route("POST", Prefix::Alerting, "destinations/email_accounts", TO_1_X, WRITE, create_account),
    route("PUT", Prefix::Alerting, "destinations/email_accounts/{id}", TO_1_X, WRITE, replace_account),
    route("DELETE", Prefix::Alerting, "destinations/email_accounts/{id}", TO_1_X, &["refresh"], delete),
    route("GET", Prefix::Alerting, "destinations/email_accounts/{id}", ALL, &[], get_account),
    route("HEAD", Prefix::Alerting, "destinations/email_accounts/{id}", ALL, &[], get_account),
    route("GET", Prefix::Alerting, "destinations/email_accounts/_search", ALL, SEARCH, search_accounts),
    route("POST", Prefix::Alerting, "destinations/email_accounts/_search", ALL, SEARCH, search_accounts),
    route("GET", Prefix::Alerting, "destinations/email_groups/_search", ALL, SEARCH, search_groups),
    route("POST", Prefix::Alerting, "destinations/email_groups/_search", ALL, SEARCH, search_groups),
    route("POST", Prefix::Alerting, "destinations/email_groups", TO_1_X, WRITE, create_group),
    route("PUT", Prefix::Alerting, "destinations/email_groups/{id}", TO_1_X, WRITE, replace_group),
    route("DELETE", Prefix::Alerting, "destinations/email_groups/{id}", TO_1_X, &["refresh"], delete),
    route("GET", Prefix::Alerting, "destinations/email_groups/{id}", ALL, &[], get_group),
    route("HEAD", Prefix::Alerting, "destinations/email_groups/{id}", ALL, &[], get_group),
];

/// What the two kinds do not share.
struct Kind {
    /// The key of the document, and of the answer.
    key: &'static str,
    /// The last segment of the path.
    path: &'static str,
    /// What a write calls it that does not find it.
    class: &'static str,
    /// What a read calls it that does not find it.
    title: &'static str,
    read: fn(&mut Reader) -> Result<Value, Fault>,
}

const ACCOUNT: Kind = Kind {
    key: "email_account",
    path: "email_accounts",
    class: "EmailAccount",
    title: "Email Account",
    read: body::account,
};

const GROUP: Kind = Kind {
    key: "email_group",
    path: "email_groups",
    class: "EmailGroup",
    title: "Email Group",
    read: body::group,
};

fn create_account(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    create(state, request, &ACCOUNT)
}

fn create_group(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    create(state, request, &GROUP)
}

fn replace_account(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    replace(state, request, &ACCOUNT)
}

fn replace_group(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    replace(state, request, &GROUP)
}

fn get_account(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    get(state, request, &ACCOUNT)
}

fn get_group(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    get(state, request, &GROUP)
}

fn search_accounts(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    search(state, request, &ACCOUNT)
}

fn search_groups(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    search(state, request, &GROUP)
}

fn delete(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let refresh = params::refresh(request)?;
    refuse_without_index(state, "index_expression")?;
    Ok(destinations::deleted(state, request.capture("id"), refresh))
}

fn create(state: &mut State, request: &Request, kind: &Kind) -> Result<Response, Refusal> {
    let content = read(state, request, kind)?;
    params::expected(request)?;
    let refresh = params::refresh(request)?;
    state.change(Change::Make(Home::Config));
    refuse_taken_name(state, kind, "", &content, "create")?;
    let id = state.mint_id();
    let document = state.put(Home::Config, &id, json!({kind.key: content}), refresh);
    let location = format!("{}/destinations/{}/{id}", state.line.alerting(), kind.path);
    Ok(Response::json(201, shown(&id, &document, kind)).at(location))
}

fn replace(state: &mut State, request: &Request, kind: &Kind) -> Result<Response, Refusal> {
    let content = read(state, request, kind)?;
    let expected = params::expected(request)?;
    let refresh = params::refresh(request)?;
    let (line, id) = (state.line, request.capture("id").to_owned());
    state.change(Change::Make(Home::Config));
    refuse_taken_name(state, kind, &id, &content, "update")?;
    let Some(current) = state.config.get(&id) else {
        let class = lines::status_exception_class(line);
        return Err(Refusal::alerting(404, format!("{} with {id} was not found", kind.class), class));
    };
    expected.check(line, &id, current).map_err(|fault| {
        let conflict = fault.status == 409;
        let refusal = Refusal::from(fault);
        if conflict { at_shard(refusal) } else { refusal }
    })?;
    let document = state.put(Home::Config, &id, json!({kind.key: content}), refresh);
    Ok(Response::json(200, shown(&id, &document, kind)))
}

fn get(state: &mut State, request: &Request, kind: &Kind) -> Result<Response, Refusal> {
    refuse_without_index(state, "index_expression")?;
    let id = request.capture("id");
    let found = state.config.get(id).filter(|document| document.body.get(kind.key).is_some());
    let Some(document) = found else {
        let class = lines::status_exception_class(state.line);
        return Err(Refusal::alerting(404, format!("{} not found.", kind.title), class));
    };
    Ok(Response::json(200, shown(id, document, kind)))
}

/// Fields are those of the stored document, hits are shown without its outer key.
fn search(state: &State, request: &Request, kind: &Kind) -> Result<Response, Refusal> {
    let search = search::asked(state.line, request)?;
    if !search.has_query() {
        return Err(Refusal::illegal_argument("inner bool query clause cannot be null"));
    }
    refuse_without_index(state, "index_or_alias")?;
    let mut documents = state.config.searchable(state.now());
    documents.retain(|(_, document)| document.body.get(kind.key).is_some());
    let found = search.run(documents).map_err(search::Failure::bare)?;
    let shown = |hit: &search::Hit| {
        Map::from_iter([
            ("_seq_no".to_owned(), hit.document.seq_no.into()),
            ("_primary_term".to_owned(), 1.into()),
            ("_source".to_owned(), hit.document.body[kind.key].clone()),
        ])
    };
    Ok(Response::json(200, search.answer(state.line, &found, shown)))
}

fn read(state: &State, request: &Request, kind: &Kind) -> Result<Value, Refusal> {
    let mut reader = Reader::new(state.line, &request.body)?;
    let mut content = json!({"schema_version": lines::destination_schema(state.line)});
    if let (Value::Object(content), Value::Object(sent)) = (&mut content, (kind.read)(&mut reader)?) {
        content.extend(sent);
    }
    Ok(content)
}

/// Two accounts cannot have one name; the message speaks of groups all the same.
fn refuse_taken_name(
    state: &State,
    kind: &Kind,
    id: &str,
    content: &Value,
    verb: &str,
) -> Result<(), Refusal> {
    let name = &content["name"];
    let taken = kind.key == ACCOUNT.key
        && state
            .config
            .iter()
            .any(|(other, document)| other != id && document.body[kind.key]["name"] == *name);
    if !taken {
        return Ok(());
    }
    let name = name.as_str().unwrap_or_default();
    Err(Refusal::illegal_argument(format!(
        "Unable to {verb} email group with name=[{name}] because name is already in use."
    )))
}

fn refuse_without_index(state: &State, resource: &str) -> Result<(), Refusal> {
    if state.config.exists {
        return Ok(());
    }
    let index = ".opendistro-alerting-config";
    let refusal = Refusal::exception(404, "index_not_found_exception", format!("no such index [{index}]"));
    Err(refusal
        .detail("index", index)
        .detail("resource.id", index)
        .detail("resource.type", resource)
        .detail("index_uuid", "_na_"))
}

fn at_shard(refusal: Refusal) -> Refusal {
    refusal
        .detail("index", ".opendistro-alerting-config")
        .detail("shard", "0")
        .detail("index_uuid", "AlertingConfigSandbox0")
}

fn shown(id: &str, document: &Document, kind: &Kind) -> Value {
    let Document { version, seq_no, body } = document;
    json!({"_id": id, "_version": version, "_seq_no": seq_no, "_primary_term": 1, kind.key: body[kind.key]})
}
