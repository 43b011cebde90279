//! Requests signed as AWS wants them (Signature Version 4), with credentials from where its own tools take them. The vendor's
//! crates read the environment, the shared files and the metadata of instances themselves.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_config::sts::AssumeRoleProvider;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, Connector};
use reqwest::header::{CONTENT_TYPE, HOST, HeaderName, HeaderValue};
use tokio::sync::{Mutex, OnceCell};

use super::connection::Aws;
use super::failure::innermost;
use crate::error::Error;
use crate::model::secret::Secret;

/// The service's name in signatures; OpenSearch domains kept that of their elder.
const SERVICE: &str = "es";

/// Credentials that expire within this time are asked for again.
const MARGIN: Duration = Duration::from_secs(60);

/// Signs requests to one domain. Clones share what they were told of who asks.
#[derive(Clone, Debug)]
pub struct Signer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    aws: Aws,
    source: OnceCell<Source>,
    /// What was given last.
    credentials: Mutex<Option<Credentials>>,
}

#[derive(Debug)]
struct Source {
    region: String,
    provider: SharedCredentialsProvider,
}

impl Signer {
    /// Asks for nothing yet.
    pub fn new(aws: Aws) -> Self {
        Self(Arc::new(Inner { aws, source: OnceCell::new(), credentials: Mutex::new(None) }))
    }

    /// Signs a request as of now, and gives what no screen shows of whoever signs.
    pub async fn sign(&self, request: &mut reqwest::Request) -> Result<Vec<Secret>, Error> {
        let source = self.0.source.get_or_try_init(|| source(&self.0.aws)).await?;
        let now = SystemTime::now();
        let credentials = self.credentials(source, now).await?;
        sign_with(request, &credentials, &source.region, SERVICE, now)?;
        let secrets = [Some(credentials.secret_access_key()), credentials.session_token()];
        Ok(secrets.into_iter().flatten().map(Secret::new).collect())
    }

    /// One at a time asks for credentials: requests that are under way at once wait for those.
    async fn credentials(&self, source: &Source, now: SystemTime) -> Result<Credentials, Error> {
        let mut held = self.0.credentials.lock().await;
        let is_good = |held: &Credentials| held.expiry().is_none_or(|expiry| now + MARGIN < expiry);
        if let Some(held) = held.as_ref().filter(|held| is_good(held)) {
            return Ok(held.clone());
        }
        let given = source.provider.provide_credentials().await.map_err(|error| unloaded(&error))?;
        *held = Some(given.clone());
        Ok(given)
    }
}

/// The standard chain: environment, profile, SSO, web identity, containers, the instance; then the role, if one is to be
/// assumed.
async fn source(aws: &Aws) -> Result<Source, Error> {
    let http_client = Builder::new().build_with_connector_fn(|settings, components| {
        let connector = Connector::builder().proxy_config(ProxyConfig::from_env());
        let mut connector = connector.tls_provider(Provider::Rustls(CryptoMode::Ring));
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        connector.build()
    });
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http_client);
    if let Some(profile) = &aws.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = &aws.region {
        loader = loader.region(Region::new(region.clone()));
    }
    let config = loader.load().await;
    let Some(region) = config.region().cloned() else {
        return Err(Error::usage(
            "the AWS region of the domain is not known, and its host does not tell it",
            "`--aws-region REGION`, `aws: {region: REGION}` in `alertform.yaml`, or `AWS_REGION` says it",
        ));
    };
    let provider = match &aws.role {
        Some(role) => {
            let mut builder =
                AssumeRoleProvider::builder(&role.arn).configure(&config).region(region.clone());
            builder = builder.session_name(role.session_name.as_deref().unwrap_or("alertform"));
            if let Some(id) = &role.external_id {
                builder = builder.external_id(id);
            }
            SharedCredentialsProvider::new(builder.build().await)
        }
        None => config.credentials_provider().ok_or_else(no_credentials)?,
    };
    Ok(Source { region: region.to_string(), provider })
}

fn unloaded(error: &CredentialsError) -> Error {
    match error {
        CredentialsError::CredentialsNotLoaded(_) => no_credentials(),
        error => Error::usage(
            format!("AWS gives no credentials: {}", innermost(error)),
            "`aws sts get-caller-identity` asks for them likewise; has a session expired, or may the role be assumed?",
        ),
    }
}

fn no_credentials() -> Error {
    Error::usage(
        "there are no AWS credentials to sign requests with",
        "they come from where the `aws` command takes them: `AWS_ACCESS_KEY_ID`, a profile, SSO, web identity, the container, the instance",
    )
}

/// Signs the method, the URL, the host, the type of the body and the body.
fn sign_with(
    request: &mut reqwest::Request,
    credentials: &Credentials,
    region: &str,
    service: &str,
    at: SystemTime,
) -> Result<(), Error> {
    let unsignable =
        || Error::usage("a request cannot be signed for AWS", "look for odd characters in the URL");
    let identity = credentials.clone().into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(service)
        .time(at)
        .settings(SigningSettings::default())
        .build()
        .map_err(|_| unsignable())?;
    let signed_headers = request.headers().iter().filter(|(name, _)| [&HOST, &CONTENT_TYPE].contains(name));
    let signed_headers =
        signed_headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
    let signable = SignableRequest::new(
        request.method().as_str(),
        request.url().as_str(),
        signed_headers,
        SignableBody::Bytes(body),
    );
    let signed = sign(signable.map_err(|_| unsignable())?, &params.into()).map_err(|_| unsignable())?;
    let (headers, _) = signed.into_parts().0.into_parts();
    for header in headers {
        let mut value = HeaderValue::from_str(header.value()).map_err(|_| unsignable())?;
        value.set_sensitive(true);
        request.headers_mut().insert(HeaderName::from_static(header.name()), value);
    }
    Ok(())
}

/// The region that the host of a domain names: `search-x-abc.eu-west-1.es.amazonaws.com`, `x.aos.eu-west-1.on.aws`.
pub fn region_of(host: &str) -> Option<&str> {
    let labels: Vec<&str> = host.trim_end_matches('.').split('.').collect();
    match labels.as_slice() {
        [_, .., region, "es", "amazonaws", "com"] | [_, .., region, "es", "amazonaws", "com", "cn"] => {
            Some(region)
        }
        [_, .., "aos", region, "on", "aws"] => Some(region),
        _ => None,
    }
}

/// Whether a host is one of OpenSearch Serverless, which has no alerting.
pub fn is_serverless(host: &str) -> bool {
    host.trim_end_matches('.').ends_with(".aoss.amazonaws.com")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_the_published_suite() {
        const TOKEN: &str = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_440_938_160);
        for (method, path, token, expected) in [
            ("GET", "/", None, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
            ("GET", "/", Some(TOKEN), "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8"),
            ("POST", "/", None, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
            (
                "GET",
                "/?Param2=value2&Param1=value1",
                None,
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            ),
            (
                "GET",
                "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
                None,
                "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
            ),
        ] {
            let credentials = Credentials::new(
                "AKIDEXAMPLE",
                "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                token.map(str::to_owned),
                None,
                "test",
            );
            let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
            let url = reqwest::Url::parse(&format!("http://example.amazonaws.com{path}")).unwrap();
            let mut request = reqwest::Request::new(method, url);
            sign_with(&mut request, &credentials, "us-east-1", "service", at).unwrap();
            let header = &request.headers()["authorization"];
            assert!(header.is_sensitive());
            let (_, signature) = header.to_str().unwrap().split_once("Signature=").unwrap();
            assert_eq!(signature, expected, "{path}");
        }
    }

    #[test]
    fn the_host_of_a_domain_names_its_region() {
        for (host, expected) in [
            ("search-logs-abc.eu-west-1.es.amazonaws.com", Some("eu-west-1")),
            ("vpc-logs-abc.us-gov-west-1.es.amazonaws.com.", Some("us-gov-west-1")),
            ("search-logs-abc.cn-north-1.es.amazonaws.com.cn", Some("cn-north-1")),
            ("search-logs-abc.aos.us-east-2.on.aws", Some("us-east-2")),
            ("alerts.example.com", None),
            ("es.amazonaws.com", None),
        ] {
            assert_eq!(region_of(host), expected, "{host}");
        }
        assert!(is_serverless("abc.us-east-1.aoss.amazonaws.com"));
        assert!(!is_serverless("abc.us-east-1.es.amazonaws.com"));
    }
}
