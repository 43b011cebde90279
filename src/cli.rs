//! The command line as types; the doc comments are the help text.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::api::line::Line;
use crate::model::limits::{Limit, Most};
use crate::model::selection::Term;
use crate::render::markdown::BUDGET;
use crate::source::duration::limit;

/// OpenSearch Alerting as code: monitors, triggers and destinations from files in git.
#[derive(Clone, Debug, Parser)]
#[command(name = "alertform", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// The project's folder.
    #[arg(long, value_name = "DIR", default_value = ".", global = true)]
    pub dir: PathBuf,

    /// The environment of `alertform.yaml`: its cluster, and what its files have otherwise there. `plan`, `apply` and
    /// `validate` take several, as `prod,staging`, or `all` [variable: `ALERTFORM_ENV`].
    #[arg(long, value_name = "NAME", value_delimiter = ',', global = true)]
    pub env: Vec<String>,

    /// The cluster, as `https://host:9200`, or `sandbox:[FILE][?line=LINE]` for one inside this process [variable:
    /// `ALERTFORM_URL`].
    #[arg(long, value_name = "URL", global = true)]
    pub url: Option<String>,

    /// The user for basic authentication; the password comes from `ALERTFORM_PASSWORD` or a file [variable:
    /// `ALERTFORM_USERNAME`].
    #[arg(long, value_name = "NAME", global = true)]
    pub username: Option<String>,

    /// A file that holds the password and nothing else [variable: `ALERTFORM_PASSWORD_FILE`].
    #[arg(long, value_name = "FILE", global = true)]
    pub password_file: Option<PathBuf>,

    /// A file that holds a bearer token and nothing else; it is read again for each request, so that it may be renewed
    /// meanwhile [variable: `ALERTFORM_TOKEN_FILE`, or `ALERTFORM_TOKEN` with the token itself].
    #[arg(long, value_name = "FILE", global = true)]
    pub token_file: Option<PathBuf>,

    /// The URL is that of OpenSearch Dashboards, through which the cluster is reached [variable: `ALERTFORM_DASHBOARDS=true`].
    #[arg(long, global = true)]
    pub dashboards: bool,

    /// Sign requests for AWS, with credentials from where the `aws` command takes them [variable: `ALERTFORM_AWS=true`].
    #[arg(long, global = true)]
    pub aws: bool,

    /// The region of the AWS domain; where the host does not tell it, `AWS_REGION` or the profile does. Signs requests, as
    /// the two below do [variable: `ALERTFORM_AWS_REGION`].
    #[arg(long, value_name = "REGION", global = true)]
    pub aws_region: Option<String>,

    /// The profile of AWS's shared files [variable: `ALERTFORM_AWS_PROFILE`].
    #[arg(long, value_name = "NAME", global = true)]
    pub aws_profile: Option<String>,

    /// An AWS role to assume first [variable: `ALERTFORM_AWS_ROLE_ARN`].
    #[arg(long, value_name = "ARN", global = true)]
    pub aws_role_arn: Option<String>,

    /// Connect to this host and port, the end of a tunnel; the cluster is still checked and signed for by the host of the
    /// URL [variable: `ALERTFORM_CONNECT_TO`].
    #[arg(long, value_name = "HOST:PORT", global = true)]
    pub connect_to: Option<String>,

    /// A PEM file with authorities to trust beside the platform's [variable: `ALERTFORM_CA`].
    #[arg(long, value_name = "FILE", global = true)]
    pub ca: Option<PathBuf>,

    /// A PEM file with the certificate to show to the server [variable: `ALERTFORM_CLIENT_CERTIFICATE`].
    #[arg(long, value_name = "FILE", global = true)]
    pub client_certificate: Option<PathBuf>,

    /// A PEM file with the key of that certificate [variable: `ALERTFORM_CLIENT_KEY`].
    #[arg(long, value_name = "FILE", global = true)]
    pub client_key: Option<PathBuf>,

    /// Trust whoever answers: no check of the server's certificate.
    #[arg(long, global = true)]
    pub insecure: bool,

    /// The longest that one answer may take, as `30s` or `2m` [default: 60s] [variable: `ALERTFORM_TIMEOUT`].
    #[arg(long, value_name = "LIMIT", value_parser = limit, global = true)]
    pub timeout: Option<Duration>,

    /// How often at most a request that is harmless to repeat is sent again [default: 3] [variable:
    /// `ALERTFORM_RETRIES`].
    #[arg(long, value_name = "N", global = true)]
    pub retries: Option<u32>,

    /// The server's line, `odfe`, `1.3`, `2.19` or `3`, for users who may not ask the server, and for a sandbox
    /// [variable: `ALERTFORM_LINE`].
    #[arg(long, value_name = "LINE", global = true)]
    pub line: Option<Line>,

    /// Tell each request on stderr: method, path, status and time.
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub verbose: u8,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Show what apply would change.
    Plan(Plan),
    /// Make the cluster as the files say.
    Apply(Apply),
    /// Write what lives in the cluster as files; exits with 1 when they do not plan clean, as when two monitors bear
    /// one name.
    Export(Export),
    /// Show what differs between the clusters of two environments, or between a cluster and the files of an environment.
    Compare(Compare),
    /// Look at the cluster, and at who asks: rights that are missing, limits, channels and monitors that do not work. Exits
    /// with 0 when all is well, 2 when there are warnings, 1 when there are errors; changes nothing.
    Doctor(Doctor),
    /// Show what would be sent to the server.
    Render(Render),
    /// Check the files, without a server.
    Validate,
    /// Serve the Alerting and Notifications API from this process, to try things without a cluster.
    Sandbox(Sandbox),
}

/// What a plan covers, for plan and apply alike.
#[derive(Clone, Debug, Default, Args)]
pub struct Scope {
    /// Delete what this project made and no file declares any more.
    #[arg(long)]
    pub prune: bool,

    /// Take over what has a declared name and bears no mark of this project, be it as declared or not.
    #[arg(long)]
    pub adopt: bool,

    /// Allow so much in this run, as `deletions=20`, `updates=50%` or `disabled=none`, whatever `alertform.yaml` says.
    #[arg(long, value_name = "LIMIT=MOST", value_parser = most)]
    pub limit: Vec<(Limit, Most)>,

    /// Plan only what this selects: `name=PATTERN`, `kind=KIND`, `label=KEY=PATTERN`, `path=PATTERN` or
    /// `since=REVISION` of git. May be said several times: those of one kind widen it, those of different kinds narrow it.
    #[arg(long, value_name = "TERM")]
    pub select: Vec<Term>,
}

/// Shows what apply would change.
#[derive(Clone, Debug, Args)]
pub struct Plan {
    /// What the plan covers.
    #[command(flatten)]
    pub scope: Scope,

    /// Exit with 0 when there is nothing to do, 2 when there are changes, 1 on an error.
    #[arg(long)]
    pub detailed_exitcode: bool,

    /// Show only what somebody changed in the cluster, or deleted there, and exit with 2 when there is anything, 0 when
    /// there is nothing, 1 on an error.
    #[arg(long, conflicts_with_all = ["prune", "adopt", "out"])]
    pub drift: bool,

    /// Save it for `apply FILE`, which carries out just this, or nothing.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// How and where to it is written.
    #[command(flatten)]
    pub output: Output,
}

/// How and where to a plan, or what became of one, is written.
#[derive(Clone, Debug, Args)]
pub struct Output {
    /// How to write it to stdout.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: Format,

    /// Write it to a file too, as `markdown=plan.md`; may be said several times.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report)]
    pub report: Vec<(Format, PathBuf)>,

    /// The most that it may have in Markdown, in bytes.
    #[arg(long, value_name = "BYTES", default_value_t = BUDGET, value_parser = budget)]
    pub markdown_bytes: usize,
}

/// How a plan, or what became of it, is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For a comment on a pull request.
    Markdown,
    /// Annotations at the lines of the files, as GitHub's workflow commands.
    Github,
    /// The counts, as GitLab's report `terraform`.
    Gitlab,
    /// One line.
    Chat,
}

fn report(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, file) = text.split_once('=').ok_or("expected `FORMAT=FILE`, such as `markdown=plan.md`")?;
    if file.is_empty() {
        return Err("no file is named behind the `=`".to_owned());
    }
    Ok((Format::from_str(format, false)?, PathBuf::from(file)))
}

fn most(text: &str) -> Result<(Limit, Most), String> {
    let (name, most) = text.split_once('=').ok_or("expected `LIMIT=MOST`, such as `deletions=20`")?;
    Ok((name.parse()?, most.parse()?))
}

fn budget(text: &str) -> Result<usize, String> {
    const LEAST: usize = 1_000;
    match text.parse() {
        Ok(bytes) if bytes >= LEAST => Ok(bytes),
        _ => Err(format!("expected a number of bytes, {LEAST} at least")),
    }
}

/// Makes the cluster as the files say.
#[derive(Clone, Debug, Args)]
pub struct Apply {
    /// A plan that `plan --out` saved; refused, with exit code 4, when anything moved since.
    #[arg(value_name = "FILE", conflicts_with_all = ["prune", "adopt", "limit", "select"])]
    pub plan: Option<PathBuf>,

    /// What the plan covers.
    #[command(flatten)]
    pub scope: Scope,

    /// Do it without asking.
    #[arg(long, short)]
    pub yes: bool,

    /// How and where to what became of it is written; the plan is shown on stderr where stdout is no text.
    #[command(flatten)]
    pub output: Output,
}

/// Writes what lives in the cluster as files.
#[derive(Clone, Debug, Args)]
pub struct Export {
    /// The folder to write to, best an empty one; not one with files of a project, unless with `--overwrite`.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,

    /// A file for the secrets that the server gives away, as `NAME=value` lines, which nobody else may read; without it
    /// they are left out.
    #[arg(long, value_name = "FILE")]
    pub secrets: Option<PathBuf>,

    /// Write over files that say something else, that of `--secrets` too, and beside others.
    #[arg(long)]
    pub overwrite: bool,
}

/// Shows what differs between two sides.
#[derive(Clone, Debug, Args)]
pub struct Compare {
    /// The environment whose cluster is looked at first.
    #[arg(value_name = "ENV")]
    pub one: String,

    /// The environment whose cluster it is compared with; `files:ENV` for its files instead.
    #[arg(value_name = "[files:]ENV")]
    pub other: String,

    /// Exit with 0 when nothing differs, 2 when something does, 1 on an error.
    #[arg(long)]
    pub detailed_exitcode: bool,
}

/// Looks at the cluster, and at who asks.
#[derive(Clone, Debug, Args)]
pub struct Doctor {
    /// How to write it to stdout.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: DoctorFormat,
}

/// How what a doctor found is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DoctorFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// Shows what would be sent to the server.
#[derive(Clone, Debug, Args)]
pub struct Render {
    /// The resource; all of them without it.
    pub name: Option<String>,
}

/// Serves the API from this process.
#[derive(Clone, Debug, Args)]
pub struct Sandbox {
    /// The address to listen on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9200")]
    pub listen: SocketAddr,

    /// A file to keep the state in; without it the state ends with the process.
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
}
