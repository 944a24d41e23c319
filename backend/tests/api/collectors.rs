//! Servers that take what the booth tells: one speaks CloudWatch's protocol, one is an OpenTelemetry collector. Both
//! can be told to fail.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use ciborium::Value;
use http::{HeaderMap, StatusCode};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

async fn serve(routes: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, routes).into_future());
    address
}

/// What a server was sent, and whether it refuses more.
#[derive(Debug)]
struct Inbox<T> {
    taken: Mutex<Vec<T>>,
    fails: AtomicBool,
}

impl<T> Inbox<T> {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            taken: Mutex::default(),
            fails: AtomicBool::new(false),
        })
    }
}

/// One `PutMetricData`.
#[derive(Debug)]
pub struct Batch {
    pub namespace: String,
    pub data: Vec<Datum>,
}

/// One value, or the statistics of several.
#[derive(Debug)]
pub struct Datum {
    pub name: String,
    pub dimensions: String,
    pub unit: String,
    pub count: f64,
    pub sum: f64,
    pub min: f64,
    pub max: f64,
}

impl Batch {
    pub fn find(&self, name: &str, dimensions: &str) -> &Datum {
        let fits = |datum: &&Datum| datum.name == name && datum.dimensions == dimensions;
        let found = self.data.iter().find(fits);
        found.unwrap_or_else(|| panic!("no {name} of {dimensions} in {self:#?}"))
    }
}

/// Amazon CloudWatch, as far as the booth speaks with it: RPC v2 in CBOR.
pub struct CloudWatch {
    address: SocketAddr,
    inbox: Arc<Inbox<Batch>>,
}

impl CloudWatch {
    pub async fn start() -> Self {
        let inbox = Inbox::new();
        let path = "/service/GraniteServiceVersion20100801/operation/PutMetricData";
        let routes = Router::new()
            .route(path, post(put_metric_data))
            .with_state(Arc::clone(&inbox));
        let address = serve(routes).await;
        Self { address, inbox }
    }

    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn fail(&self, fails: bool) {
        self.inbox.fails.store(fails, Ordering::Relaxed);
    }

    /// What has come since the last call.
    pub fn taken(&self) -> Vec<Batch> {
        std::mem::take(&mut self.inbox.taken.lock().unwrap())
    }
}

async fn put_metric_data(
    State(inbox): State<Arc<Inbox<Batch>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    assert!(
        headers["authorization"]
            .to_str()
            .unwrap()
            .contains("monitoring")
    );
    let protocol = [
        ("smithy-protocol", "rpc-v2-cbor"),
        ("content-type", "application/cbor"),
    ];
    if inbox.fails.load(Ordering::Relaxed) {
        return (StatusCode::INTERNAL_SERVER_ERROR, protocol).into_response();
    }
    let body = match headers.get("content-encoding") {
        Some(_) => inflate(&body),
        None => body.to_vec(),
    };
    let request: Value = ciborium::from_reader(body.as_slice()).unwrap();
    let data = array(field(&request, "MetricData").unwrap());
    assert!(
        data.len() <= 1_000,
        "CloudWatch takes no more than 1,000 values"
    );
    inbox.taken.lock().unwrap().push(Batch {
        namespace: text(&request, "Namespace"),
        data: data.iter().map(datum).collect(),
    });
    (StatusCode::OK, protocol, vec![0xa0]).into_response()
}

fn inflate(body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(body), &mut plain).unwrap();
    plain
}

fn datum(value: &Value) -> Datum {
    let dimensions = array(field(value, "Dimensions").unwrap());
    let dimensions = dimensions.iter().map(|dimension| {
        let (name, value) = (text(dimension, "Name"), text(dimension, "Value"));
        format!("{name}={value}")
    });
    let dimensions: Vec<_> = dimensions.collect();
    assert!(field(value, "Timestamp").is_some());
    let [count, sum, min, max] = match field(value, "StatisticValues") {
        Some(of) => ["SampleCount", "Sum", "Minimum", "Maximum"].map(|name| number(of, name)),
        None => {
            let value = number(value, "Value");
            [1.0, value, value, value]
        }
    };
    Datum {
        name: text(value, "MetricName"),
        dimensions: dimensions.join(" "),
        unit: text(value, "Unit"),
        count,
        sum,
        min,
        max,
    }
}

fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let fields = value.as_map().unwrap();
    let found = fields.iter().find(|(key, _)| key.as_text() == Some(name));
    found.map(|(_, value)| value)
}

fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text(value: &Value, name: &str) -> String {
    field(value, name).unwrap().as_text().unwrap().to_owned()
}

fn number(value: &Value, name: &str) -> f64 {
    match field(value, name).unwrap() {
        Value::Integer(whole) => i128::from(*whole) as f64,
        other => other.as_float().unwrap(),
    }
}

/// A span as a collector sees it.
#[derive(Clone, Debug)]
pub struct CollectedSpan {
    pub name: String,
    pub trace: String,
    pub id: String,
    pub parent: String,
    /// Which process sent it.
    pub process: String,
    pub began: u64,
    pub ended: u64,
}

/// An OpenTelemetry collector: OTLP over HTTP, in protobuf.
pub struct Otlp {
    address: SocketAddr,
    inbox: Arc<Inbox<CollectedSpan>>,
}

impl Otlp {
    pub async fn start() -> Self {
        let inbox = Inbox::new();
        let routes = Router::new()
            .route("/v1/traces", post(collect))
            .with_state(Arc::clone(&inbox));
        let address = serve(routes).await;
        Self { address, inbox }
    }

    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn fail(&self) {
        self.inbox.fails.store(true, Ordering::Relaxed);
    }

    pub fn spans(&self) -> Vec<CollectedSpan> {
        self.inbox.taken.lock().unwrap().clone()
    }
}

async fn collect(State(inbox): State<Arc<Inbox<CollectedSpan>>>, body: Bytes) -> StatusCode {
    if inbox.fails.load(Ordering::Relaxed) {
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    let request = ExportTraceServiceRequest::decode(body).unwrap();
    for sender in request.resource_spans {
        let attributes = sender.resource.unwrap().attributes;
        let process = attributes
            .iter()
            .find(|pair| pair.key == "service.instance.id");
        let process = format!("{:?}", process.unwrap().value);
        for span in sender.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            inbox.taken.lock().unwrap().push(CollectedSpan {
                name: span.name,
                trace: hex(&span.trace_id),
                id: hex(&span.span_id),
                parent: hex(&span.parent_span_id),
                process: process.clone(),
                began: span.start_time_unix_nano,
                ended: span.end_time_unix_nano,
            });
        }
    }
    StatusCode::OK
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
