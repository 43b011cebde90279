//! Several servers of one cluster: the next is asked when one cannot be reached.

use std::time::Duration;

use alertform::api::client::Client;
use alertform::api::connection::{Connection, Target};
use alertform::api::line::Line;
use alertform::api::request::Request;
use alertform::api::retry::Retries;
use reqwest::Url;
use serde_json::json;

use super::server::{Reply, Server};
use super::to;
use crate::cli::Cli;
use crate::cluster::Cluster;

/// A connection to servers of one cluster, the first before the others.
fn to_all(urls: &[&str]) -> Connection {
    let others = urls[1..].iter().map(|url| Url::parse(url).unwrap()).collect();
    Connection { others, ..to(urls[0]) }
}

fn client(connection: &Connection) -> Client {
    let Target::Server(base) = &connection.target else { unreachable!("tests name a server") };
    Client::connect(base, connection, |_| ()).unwrap()
}

const GONE: &str = "http://127.0.0.1:1";

#[tokio::test]
async fn what_did_not_leave_goes_to_the_next_at_once() {
    let server = Server::start(&[Reply::json(200, "{}")]);
    let client = client(&to_all(&[GONE, "http://127.0.0.1:2", &server.url()]));
    // a write, too: it left for nobody
    for request in [Request::get("/a"), Request::put("/b", json!({})), Request::get("/c")] {
        assert_eq!(client.send(&request).await.unwrap().status, 200);
    }
    assert_eq!(client.server(), server.address());
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn where_no_server_can_be_reached_one_of_them_is_named() {
    let error = client(&to_all(&[GONE, "http://127.0.0.1:2"])).send(&Request::get("/a")).await.unwrap_err();
    assert_eq!(error.to_string(), "`127.0.0.1:2` refused the connection");
}

#[tokio::test]
async fn what_is_repeated_goes_to_the_next_and_a_write_that_may_have_arrived_is_not() {
    let (ill, well) = (Server::start(&[Reply::Close]), Server::start(&[Reply::json(200, "{}")]));
    let retries = Retries { most: 1, first_wait: Duration::from_millis(1) };
    let connection = Connection { retries, ..to_all(&[&ill.url(), &well.url()]) };
    assert!(client(&connection).send(&Request::put("/a", json!({}))).await.is_err());
    assert!(well.requests().is_empty());
    assert_eq!(client(&connection).send(&Request::get("/a")).await.unwrap().status, 200);
    assert_eq!((ill.requests().len(), well.requests().len()), (2, 1));
}

#[test]
fn a_project_lists_the_servers_of_its_cluster() {
    let cluster = Cluster::start(Line::V2_19);
    let destination = "kind: destination\nname: a\ncustom_webhook: {url: 'https://a.example'}\n";
    let file = |urls: &str| format!("project: p\nretries: 0\nurl: {urls}\n");
    let cli = Cli::new(&[("d/a.yaml", destination)]);
    cli.write("alertform.yaml", &file(&format!("['{GONE}', '{}']", cluster.url)));
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
    let mut all = String::new();
    for urls in [
        "['http://a', 'https://b']",
        "['http://a', b]",
        "[]",
        "['http://a', {}]",
        "['http://a', 'http://b']\nconnect_to: c:1",
    ] {
        cli.write("alertform.yaml", &file(urls));
        all += &cli.run(&["plan"]).must_exit(1).stderr;
    }
    insta::assert_snapshot!(all, @r"
    error: the URLs of one cluster begin with `http://` and with `https://`
      hint: all of its servers speak the same; list those that do
    error: the cluster's URL is none that can be used
      hint: it begins with `http://` or `https://` and a host: `https://localhost:9200`
    error: no cluster is named
      hint: `--url URL`, `ALERTFORM_URL`, or `url:` in `alertform.yaml` names it; `--url sandbox:` needs none
    error: alertform.yaml:3:19: expected a text for `url`, found a mapping
      hint: a text that begins with `[`, `{` or `- ` needs quotes
    error: there is a host to connect to, and several URLs
      hint: a tunnel leads to one server: keep its URL alone
    ");
}
