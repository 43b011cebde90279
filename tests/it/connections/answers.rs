//! Answers that are a no, in the shapes that real servers and what stands before them give.

use alertform::api::client::Client;
use alertform::api::connection::{Connection, Credentials, Held};
use alertform::api::request::Request;
use alertform::model::secret::Secret;
use insta::assert_snapshot;
use reqwest::Url;
use serde_json::{Value, json};

use super::server::{Reply, Server};
use super::{screen, screen_of, send, to};

#[expect(clippy::unnecessary_wraps, reason = "it is what the field `credentials` takes")]
fn ann() -> Option<Credentials> {
    Some(Credentials::Basic { username: "ann".into(), password: Held::Given(Secret::new("hunter2")) })
}

async fn said(reply: Reply) -> String {
    screen(&to(&Server::start(&[reply]).url())).await
}

fn unauthorized() -> Reply {
    let head =
        "401 Unauthorized\nWWW-Authenticate: Basic realm=\"OpenSearch Security\"\ncontent-type: text/plain";
    Reply::of(head, "Unauthorized")
}

fn forbidden(kind: &str, reason: &str) -> Reply {
    let error = json!({"root_cause": [{"type": kind, "reason": reason}], "type": kind, "reason": reason});
    Reply::json(403, &json!({"error": error, "status": 403}).to_string())
}

#[tokio::test]
async fn nobody_is_let_in() {
    assert_snapshot!(said(unauthorized()).await, @"
    error: `SERVER` lets nobody in without credentials
      hint: `ALERTFORM_USERNAME` and `ALERTFORM_PASSWORD` say who asks, or `ALERTFORM_TOKEN`, or a `--client-certificate`
    ");
    let server = Server::start(&[unauthorized()]);
    assert_snapshot!(screen(&Connection { credentials: ann(), ..to(&server.url()) }).await, @"
    error: `SERVER` does not know the user `ann` with this password
      hint: the server does not say which of the two is wrong
    ");
    let token = Some(Credentials::Bearer(Held::Given(Secret::new("planted"))));
    let server = Server::start(&[unauthorized()]);
    assert_snapshot!(screen(&Connection { credentials: token, ..to(&server.url()) }).await, @"
    error: `SERVER` does not take this token
      hint: has it expired? one in a `--token-file` is read again for each request
    ");
}

#[tokio::test]
async fn a_token_in_a_file_is_read_for_each_request() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    let server =
        Server::start(&[Reply::json(200, "{}"), Reply::json(500, r#"{"error": "no second.token"}"#)]);
    let connection =
        Connection { credentials: Some(Credentials::Bearer(Held::File(path.clone()))), ..to(&server.url()) };
    std::fs::write(&path, "first.token\n").unwrap();
    let url = Url::parse(&server.url()).unwrap();
    let client = Client::connect(&url, &connection, |_| ()).unwrap();
    client.ask(&Request::get("/x")).await.unwrap();
    assert!(server.requests()[0].contains("authorization: Bearer first.token\r\n"));
    std::fs::write(&path, "second.token\n").unwrap();
    let error = client.ask(&Request::get("/x")).await.unwrap_err();
    assert!(server.requests()[1].contains("authorization: Bearer second.token\r\n"));
    // what the server says of it is covered, though nobody knew it when the run began
    assert!(error.to_string().contains("no (secret)"), "{error}");
    std::fs::remove_file(&path).unwrap();
    assert_snapshot!(
        client.ask(&Request::get("/x")).await.unwrap_err().to_string().replace(path.to_str().unwrap(), "FILE"),
        @"cannot read the token file `FILE`: No such file or directory (os error 2)"
    );
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn credentials_are_sent_with_the_first_request() {
    let server = Server::start(&[Reply::json(200, "{}")]);
    let connection = Connection { credentials: ann(), ..to(&server.url()) };
    send(&connection, &Request::get("/x")).await.unwrap();
    assert!(server.requests()[0].contains("authorization: Basic YW5uOmh1bnRlcjI=\r\n"));
}

#[tokio::test]
async fn the_password_comes_from_a_file_without_its_line_break() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password");
    let server = Server::start(&[Reply::json(200, "{}")]);
    let password = Held::File(path.clone());
    let credentials = Some(Credentials::Basic { username: "ann".into(), password });
    let connection = Connection { credentials, ..to(&server.url()) };
    for text in ["hunter2\n", "hunter2\r\n", "hunter2"] {
        std::fs::write(&path, text).unwrap();
        send(&connection, &Request::get("/x")).await.unwrap();
        assert!(server.requests().last().unwrap().contains("authorization: Basic YW5uOmh1bnRlcjI=\r\n"));
    }
    std::fs::write(&path, "\n").unwrap();
    assert_snapshot!(screen(&connection).await.replace(path.to_str().unwrap(), "FILE"), @"
    error: the password file `FILE` is empty
      hint: it holds the password and nothing else
    ");
    std::fs::remove_file(&path).unwrap();
    assert_snapshot!(
        screen(&connection).await.replace(path.to_str().unwrap(), "FILE"),
        @"error: cannot read the password file `FILE`: No such file or directory (os error 2)"
    );
}

#[tokio::test]
async fn a_missing_permission_is_named() {
    let reason = "no permissions for [cluster:admin/opendistro/alerting/monitor/write] and User [name=ann, \
                  backend_roles=[], requestedTenant=null]";
    assert_snapshot!(said(forbidden("security_exception", reason)).await, @"
    error: the permission `cluster:admin/opendistro/alerting/monitor/write` is missing for GET /x
      hint: an administrator can add `cluster:admin/opendistro/alerting/monitor/write` to a role of the user `ann`
    ");
}

#[tokio::test]
async fn other_forbidden_things_are_told_in_the_servers_words() {
    let protected = "no permissions for [] and User [name=ann, backend_roles=[], requestedTenant=null]";
    let index = "User doesn't have read permissions for one or more configured index [logs-app]";
    let iam = r#"{"Message":"User: anonymous is not authorized to perform: es:ESHttpGet"}"#;
    let mut all = String::new();
    for reply in [
        forbidden("security_exception", protected),
        forbidden("alerting_exception", index),
        forbidden("status_exception", "Permission denied for NotificationConfig abc"),
        forbidden("cluster_block_exception", "index [x] blocked by: [FORBIDDEN/12/index read-only];"),
        Reply::json(403, r#"{"status":"FORBIDDEN","message":"No permission to access REST API: x"}"#),
        Reply::json(403, iam),
        Reply::json(
            403,
            r#"{"Message":"User: arn:aws:iam::1:user/ci is not authorized to perform: es:ESHttpPut"}"#,
        ),
        Reply::json(403, r#"{"message":"The security token included in the request is expired"}"#),
        Reply::json(403, r#"{"message":"The security token included in the request is invalid."}"#),
        Reply::json(
            403,
            r#"{"message":"The request signature we calculated does not match the signature you provided."}"#,
        ),
        Reply::of("403 Forbidden", ""),
    ] {
        all += &(said(reply).await + "\n");
    }
    assert_snapshot!(all, @r"
    error: GET /x is forbidden: no permissions for [] and User [name=ann, backend_roles=[], requestedTenant=null]
      hint: an administrator of the cluster can say who may
    error: GET /x is forbidden: User doesn't have read permissions for one or more configured index [logs-app]
      hint: an administrator can add `indices:data/read/search` on that index to a role of this user
    error: GET /x is forbidden: Permission denied for NotificationConfig abc
      hint: lists of channels are filtered by backend roles, and it is another's: an administrator can give this user one of its roles, or make it
    error: GET /x was answered with 403 (cluster_block_exception): index [x] blocked by: [FORBIDDEN/12/index read-only];
      hint: correct what the server names, and run it again
    error: GET /x is forbidden: No permission to access REST API: x
      hint: an administrator of the cluster can say who may
    error: GET /x is forbidden: User: anonymous is not authorized to perform: es:ESHttpGet
      hint: the domain wants signed requests: `--aws`, or `aws: {}` in `alertform.yaml`, signs them; or a user of its internal database
    error: GET /x is forbidden: User: arn:aws:iam::1:user/ci is not authorized to perform: es:ESHttpPut
      hint: the domain's access policy, or a policy of that identity, must allow `es:ESHttpGet`, `es:ESHttpPost`, `es:ESHttpPut` and `es:ESHttpDelete`
    error: GET /x is forbidden: The security token included in the request is expired
      hint: ask for new credentials, as by `aws sso login`, and run it again
    error: GET /x is forbidden: The security token included in the request is invalid.
      hint: these are credentials of another partition or another account, or ones that were deleted; `aws sts get-caller-identity` says whose they are
    error: GET /x is forbidden: The request signature we calculated does not match the signature you provided.
      hint: does `--aws-region` name the domain's region, and does nothing on the way change the request? `--connect-to` keeps the host that is signed
    error: GET /x was answered with nothing (status 403), as OpenSearch never does
      hint: something in front of the server lets this request not through
    ");
}

#[tokio::test]
async fn errors_of_the_server_keep_its_words() {
    let plain = json!({"error": "no handler found for uri [/x] and method [GET]"});
    let mut all = String::new();
    for reply in [
        Reply::json(400, &plain.to_string()),
        Reply::json(
            404,
            r#"{"error":{"type":"alerting_exception","reason":"Monitor not found."},"status":404}"#,
        ),
        Reply::json(404, r#"{"error":{"root_cause":[{"type":"alerting_exc"#),
        Reply::of("429 Too Many Requests\nretry-after: 3600", ""),
        Reply::json(500, r#"{"error":{"type":"x","reason":"two\nlines and \u001b[31mred"}}"#),
        Reply::of("400 Bad Request\ncontent-type: text/plain", "no config id"),
    ] {
        all += &(said(reply).await + "\n");
    }
    assert_snapshot!(all, @r"
    error: GET /x was answered with 400: no handler found for uri [/x] and method [GET]
      hint: is the Alerting plugin installed there, and the `--line` right?
    error: GET /x was answered with 404 (alerting_exception): Monitor not found.
      hint: correct what the server names, and run it again
    error: GET /x was answered with 404, and no reason
      hint: correct what the server names, and run it again
    error: GET /x was answered with 429, and no reason
      hint: the server has too much to do; come back later
    error: GET /x was answered with 500 (x): two lines and [31mred
      hint: the server failed at it, and its log says more
    error: GET /x was answered with 400: no config id
      hint: correct what the server names, and run it again
    ");
}

#[tokio::test]
async fn what_stands_before_the_server_is_recognized() {
    let page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
    let login = "<!doctype html><title>Sign in</title>";
    let mut all = String::new();
    for reply in [
        Reply::of("502 Bad Gateway\ncontent-type: text/html", page),
        Reply::of("200 OK\ncontent-type: text/html; charset=utf-8", login),
        Reply::of("302 Found\nlocation: https://login.example/in?token=hunter2", ""),
        Reply::of("301 Moved\nlocation: /_dashboards/app", ""),
    ] {
        all += &(said(reply).await + "\n");
    }
    assert_snapshot!(all, @"
    error: GET /x was answered with an HTML page titled `502 Bad Gateway` (status 502), as OpenSearch never does
      hint: is the server up? something in front of it answered in its place
    error: GET /x was answered with an HTML page titled `Sign in` (status 200), as OpenSearch never does
      hint: the URL is OpenSearch's own, not that of Dashboards or of a login page
    error: GET /x was answered with a redirect to `https://login.example:443/in` (status 302), as OpenSearch never does
      hint: the URL is OpenSearch's own, not that of Dashboards or of a login page
    error: GET /x was answered with a redirect to `http://SERVER/_dashboards/app` (status 301), as OpenSearch never does
      hint: the URL is OpenSearch's own, not that of Dashboards or of a login page
    ");
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_not_quoted() {
    let mut all = String::new();
    for body in ["", "{\"url\":", "hunter2", r#"{"url": "hunter2"}"#] {
        let server = Server::start(&[Reply::json(200, body)]);
        let request = Request::get("/x");
        let answer = send(&to(&server.url()), &request).await.unwrap();
        let error = answer.json::<Vec<Value>>(&request).unwrap_err();
        all += &(error.screen() + "\n");
    }
    assert!(!all.contains("hunter2"));
    assert_snapshot!(all, @"
    error: GET /x was answered with nothing (status 200), as OpenSearch never does
      hint: the URL is OpenSearch's own, not that of Dashboards or of a login page
    error: GET /x was answered with JSON of another shape (at line 1 column 0) (status 200), as OpenSearch never does
      hint: the URL is OpenSearch's own, not that of Dashboards or of a login page
    error: GET /x was answered with something that is no JSON (status 200), as OpenSearch never does
      hint: the URL is OpenSearch's own, not that of Dashboards or of a login page
    error: GET /x was answered with JSON of another shape (at line 1 column 0) (status 200), as OpenSearch never does
      hint: the URL is OpenSearch's own, not that of Dashboards or of a login page
    ");
}

#[tokio::test]
async fn a_server_that_quotes_a_secret_is_not_passed_on() {
    let reason = r#"{"error":{"type":"malformed_u_r_l_exception","reason":"no protocol: hooks/hunter2"}}"#;
    let server = Server::start(&[Reply::json(500, reason)]);
    let body = json!({"url": "hooks/hunter2"});
    let request = Request::post("/x", body).guarding(&[Secret::new("hooks/hunter2")]);
    assert_snapshot!(
        screen_of(&to(&server.url()), &request).await,
        @r"
    error: POST /x was answered with 500 (malformed_u_r_l_exception): no protocol: (secret)
      hint: the server failed at it, and its log says more
    "
    );
}

#[tokio::test]
async fn requests_say_who_asks_and_go_below_the_base_path() {
    let server = Server::start(&[Reply::json(200, "{}")]);
    for base in ["/opensearch", "/opensearch/"] {
        let connection = to(&format!("{}{base}", server.url()));
        send(&connection, &Request::get("/_plugins/a%2Fb?x=%20y")).await.unwrap();
    }
    send(&to(&server.url()), &Request::post("/z", json!({"a": 1}))).await.unwrap();
    let line = "GET /opensearch/_plugins/a%2Fb?x=%20y HTTP/1.1";
    assert_eq!(server.lines(), [line, line, "POST /z HTTP/1.1"]);
    let post = server.requests().pop().unwrap();
    let agent =
        format!("user-agent: alertform/{} (OpenSearch-Dashboards; Kibana)\r\n", env!("CARGO_PKG_VERSION"));
    assert!(post.contains(&agent) && post.contains("content-type: application/json\r\n"), "{post}");
    assert!(post.ends_with("\r\n\r\n{\"a\":1}"), "{post}");
}
