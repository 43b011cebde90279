//! Who asks, as flags, variables and the project file say.

use super::Process;
use super::layers::Layers;
use crate::api::aws::region_of;
use crate::api::connection::{Aws, ClientCertificate, Credentials, Role, Target};
use crate::cli::Global;
use crate::error::Usage;
use crate::model::secret::Secret;
use crate::source::settings::Settings;

/// The header that says who asks.
const AUTHORIZATION: &str = "authorization";

/// Who asks: of a user, a token and a signature one at most.
pub fn credentials(
    global: &Global,
    layers: &Layers<'_>,
    target: &Target,
) -> Result<Option<Credentials>, Usage> {
    let (nobody, nothing) = (Process::default(), Settings::default());
    let is_alone = layers.environment.say_who_asks();
    let layers = if is_alone {
        // half of who asks in one environment does not come from elsewhere
        &Layers { environment: layers.environment, process: &nobody, all: &nothing }
    } else {
        layers
    };
    let username =
        layers.text(global.username.as_ref(), "ALERTFORM_USERNAME", |settings| settings.username.as_ref());
    let password = layers.held(
        global.password_file.as_ref(),
        ("ALERTFORM_PASSWORD", "ALERTFORM_PASSWORD_FILE"),
        |settings| settings.password.as_ref(),
    );
    let token =
        layers.held(global.token_file.as_ref(), ("ALERTFORM_TOKEN", "ALERTFORM_TOKEN_FILE"), |settings| {
            settings.token.as_ref()
        });
    let aws = aws(global, layers, target)?;
    let said = [
        (username.is_some() || password.is_some(), "a user or a password"),
        (token.is_some(), "a token"),
        (aws.is_some(), "a signature for AWS"),
    ];
    let said: Vec<&str> = said.iter().filter(|(is_said, _)| *is_said).map(|(_, words)| *words).collect();
    if let [one, other, ..] = said.as_slice() {
        return Err(Usage::new(
            format!("there is {one}, and {other} as well"),
            "a server knows who asks by one of them: take the other out of the flags, the variables and `alertform.yaml`",
        ));
    }
    match (username, password) {
        (None, None) => Ok(token.map(Credentials::Bearer).or(aws.map(Credentials::Aws))),
        (Some(username), Some(password)) => Ok(Some(Credentials::Basic { username, password })),
        (Some(username), None) => Err(Usage::new(
            format!("the user `{username}` has no password"),
            if is_alone {
                "add `password: ${NAME}` or `password_file: FILE` to the environment, which says who asks"
            } else {
                "`ALERTFORM_PASSWORD` or `--password-file FILE` gives it"
            },
        )),
        (None, Some(_)) => Err(Usage::new(
            "there is a password, and no user",
            if is_alone {
                "add `username: NAME` to the environment, which says who asks"
            } else {
                "`ALERTFORM_USERNAME` or `--username NAME` gives it"
            },
        )),
    }
}

/// How requests are signed for AWS, where anything says that they are.
fn aws(global: &Global, layers: &Layers<'_>, target: &Target) -> Result<Option<Aws>, Usage> {
    let written = layers.written(|settings| settings.aws.clone());
    let written_role = written.as_ref().and_then(|aws| aws.role.as_ref());
    let is_asked = layers.parsed(global.aws.then_some(true), "ALERTFORM_AWS", |_| None)?;
    let region = layers.text(global.aws_region.as_ref(), "ALERTFORM_AWS_REGION", |settings| {
        settings.aws.as_ref()?.region.as_ref()
    });
    let profile = layers.text(global.aws_profile.as_ref(), "ALERTFORM_AWS_PROFILE", |settings| {
        settings.aws.as_ref()?.profile.as_ref()
    });
    let role = layers.text(global.aws_role_arn.as_ref(), "ALERTFORM_AWS_ROLE_ARN", |settings| {
        settings.aws.as_ref()?.role.as_ref().map(|role| &role.arn)
    });
    let is_any = written.is_some() || region.is_some() || profile.is_some() || role.is_some();
    let Target::Server(url) = target else { return Ok(None) };
    if !is_asked.unwrap_or(is_any) {
        return Ok(None);
    }
    let of_host = url.domain().and_then(region_of).map(str::to_owned);
    let role = role.map(|arn| Role {
        arn,
        external_id: written_role.and_then(|role| role.external_id.clone()),
        session_name: written_role.and_then(|role| role.session_name.clone()),
    });
    Ok(Some(Aws { region: region.or(of_host), profile, role }))
}

/// The headers of the project file; an environment's go before those of all.
pub fn headers(
    layers: &Layers<'_>,
    credentials: Option<&Credentials>,
) -> Result<Vec<(String, Secret)>, Usage> {
    let mut headers = layers.all.headers.clone();
    headers.extend(layers.environment.headers.clone());
    if layers.environment.say_who_asks() && !layers.environment.headers.contains_key(AUTHORIZATION) {
        // half of who asks in one environment does not come from elsewhere
        headers.remove(AUTHORIZATION);
    }
    if headers.contains_key(AUTHORIZATION) && credentials.is_some() {
        return Err(Usage::new(
            "there is a header `Authorization`, and credentials as well",
            "a server knows who asks by one of them: take the other out of the flags, the variables and `alertform.yaml`",
        ));
    }
    Ok(headers.into_iter().collect())
}

/// The certificate of the client with its key. It goes along with whatever else says who asks.
pub fn client_certificate(global: &Global, layers: &Layers<'_>) -> Result<Option<ClientCertificate>, Usage> {
    let Settings { client_certificate, client_key, .. } = layers.environment;
    let (nobody, nothing) = (Process::default(), Settings::default());
    let layers = if client_certificate.is_some() || client_key.is_some() {
        // a key of elsewhere is that of another certificate
        &Layers { environment: layers.environment, process: &nobody, all: &nothing }
    } else {
        layers
    };
    let certificate =
        layers.path(global.client_certificate.as_ref(), "ALERTFORM_CLIENT_CERTIFICATE", |settings| {
            settings.client_certificate.as_ref()
        });
    let key = layers
        .path(global.client_key.as_ref(), "ALERTFORM_CLIENT_KEY", |settings| settings.client_key.as_ref());
    match (certificate, key) {
        (None, None) => Ok(None),
        (Some(certificate), Some(key)) => Ok(Some(ClientCertificate { certificate, key })),
        (Some(_), None) => {
            Err(Usage::new("the client certificate has no key", "`--client-key FILE` names it"))
        }
        (None, Some(_)) => {
            Err(Usage::new("the client key has no certificate", "`--client-certificate FILE` names it"))
        }
    }
}
