//! The load balancer between targets that the tests decide over, as guests and CodeDeploy meet it.

// Clippy allows it in tests by itself, but not in what tests call.
#![allow(clippy::unwrap_used)]

mod target;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::channel::Channel;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rehearsal::proxy::{
    Ending, GroupSettings, Health, Listener, LoadBalancer, Settings, TargetHealth,
};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;
use target::Target;

const GROUPS: [&str; 3] = ["backend-blue", "backend-green", "frontend-blue"];
const SECRET: &str = "open sesame";

type Body = BoxBody<Bytes, Infallible>;

/// A load balancer whose deregistered targets may take `delay`.
async fn start(delay: Duration) -> LoadBalancer {
    let group = GroupSettings {
        deregistration_delay: delay,
        ..GroupSettings::checking("/health", Duration::from_millis(10))
    };
    let groups: BTreeMap<_, _> = GROUPS
        .iter()
        .map(|&name| (name.to_owned(), group.clone()))
        .collect();
    let settings = Settings::of_booth("backend-blue", "frontend-blue", SECRET, groups);
    LoadBalancer::start(settings).await.unwrap()
}

const LONG: Duration = Duration::from_secs(60);

/// Adds a target that is healthy.
async fn add(balancer: &LoadBalancer, group: &str) -> Target {
    let target = Target::start(group).await;
    balancer.register(group, target.address).unwrap();
    wait_for(balancer, group, &[Health::Healthy]).await;
    target
}

async fn wait_for(balancer: &LoadBalancer, group: &str, health: &[Health]) {
    let is_wanted = |targets: &[TargetHealth]| {
        targets
            .iter()
            .map(|it| it.health)
            .eq(health.iter().copied())
    };
    tokio::time::timeout(LONG, balancer.wait_until(group, is_wanted))
        .await
        .unwrap_or_else(|_| {
            panic!(
                "{group} does not become {health:?}: {:?}",
                balancer.health(group)
            )
        })
        .unwrap();
}

fn weights(blue: u32, green: u32) -> Vec<(String, u32)> {
    vec![(GROUPS[0].to_owned(), blue), (GROUPS[1].to_owned(), green)]
}

struct Guest(Client<HttpConnector, Body>);

impl Guest {
    fn new() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }

    async fn send(&self, request: http::request::Builder, body: Body) -> Response<Incoming> {
        self.0.request(request.body(body).unwrap()).await.unwrap()
    }

    async fn open(&self, address: SocketAddr, path: &str) -> Response<Incoming> {
        let request = Request::get(format!("http://{address}{path}"));
        self.send(request, BodyExt::boxed(Empty::new())).await
    }

    async fn get(&self, address: SocketAddr, path: &str) -> (u16, String) {
        read(self.open(address, path).await).await
    }
}

async fn read(answer: Response<Incoming>) -> (u16, String) {
    let status = answer.status().as_u16();
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn paths_and_weights_decide_where_a_request_goes() {
    let balancer = start(LONG).await;
    let mut targets = Vec::new();
    for group in GROUPS {
        targets.push(add(&balancer, group).await);
    }
    let (guest, door) = (Guest::new(), balancer.production());
    assert_eq!(guest.get(door, "/").await.1, "frontend-blue");
    assert_eq!(guest.get(door, "/apis").await.1, "frontend-blue");
    assert_eq!(guest.get(door, "/media/a/b?c=/d").await.1, "backend-blue");
    for (green, expected) in [(0, 0), (10, 10), (50, 50), (100, 100)] {
        balancer
            .set_weights(
                Listener::Production,
                "backend",
                &weights(100 - green, green),
            )
            .unwrap();
        let mut of_green = 0;
        for _ in 0..100 {
            let (status, name) = guest.get(door, "/api/themes").await;
            assert_eq!(status, 200);
            of_green += u32::from(name == "backend-green");
        }
        assert_eq!(of_green, expected);
    }
    assert_eq!(
        balancer.weights(Listener::Production, "backend"),
        Some(weights(0, 100))
    );
    assert!(
        balancer
            .set_weights(Listener::Production, "nobody", &weights(1, 0))
            .is_err()
    );
    let unknown = [("nobody".to_owned(), 1)];
    assert!(
        balancer
            .set_weights(Listener::Production, "backend", &unknown)
            .is_err()
    );
}

#[tokio::test]
async fn tests_need_the_secret() {
    let balancer = start(LONG).await;
    let _green = add(&balancer, "backend-green").await;
    balancer
        .set_weights(Listener::Test, "backend", &weights(0, 1))
        .unwrap();
    let (guest, door) = (Guest::new(), balancer.test());
    assert_eq!(guest.get(door, "/api/themes").await.0, 403);
    for (secret, expected) in [("guessed", 403), (SECRET, 200)] {
        let request = Request::get(format!("http://{door}/api/themes"));
        let request = request.header("x-photobooth-test", secret);
        let answer = guest.send(request, BodyExt::boxed(Empty::new())).await;
        assert_eq!(answer.status().as_u16(), expected);
    }
    assert_eq!(balancer.tally().failures(), 0);
}

#[tokio::test]
async fn only_healthy_targets_get_requests() {
    let balancer = start(LONG).await;
    let well = add(&balancer, "backend-blue").await;
    let ill = Target::start("ill").await;
    ill.set_well(false);
    balancer.register("backend-blue", ill.address).unwrap();
    wait_for(
        &balancer,
        "backend-blue",
        &[Health::Healthy, Health::Unhealthy],
    )
    .await;
    let (guest, door) = (Guest::new(), balancer.production());
    for _ in 0..10 {
        assert_eq!(guest.get(door, "/api/themes").await.1, "backend-blue");
    }
    ill.set_well(true);
    wait_for(
        &balancer,
        "backend-blue",
        &[Health::Healthy, Health::Healthy],
    )
    .await;
    let names = [
        guest.get(door, "/api/").await.1,
        guest.get(door, "/api/").await.1,
    ];
    assert!(names.contains(&"ill".to_owned()), "{names:?}");
    drop(well);
    wait_for(
        &balancer,
        "backend-blue",
        &[Health::Unhealthy, Health::Healthy],
    )
    .await;
    for _ in 0..10 {
        assert_eq!(
            guest.get(door, "/api/themes").await,
            (200, "ill".to_owned())
        );
    }
}

#[tokio::test]
async fn where_nobody_is_well_everybody_is_asked() {
    let balancer = start(LONG).await;
    let (guest, door) = (Guest::new(), balancer.production());
    assert_eq!(guest.get(door, "/api/themes").await.0, 503);
    let ill = Target::start("ill").await;
    ill.set_well(false);
    balancer.register("backend-blue", ill.address).unwrap();
    wait_for(&balancer, "backend-blue", &[Health::Unhealthy]).await;
    assert_eq!(
        guest.get(door, "/api/themes").await,
        (200, "ill".to_owned())
    );
    drop(ill);
    assert_eq!(guest.get(door, "/api/themes").await.0, 502);
    assert_eq!(balancer.tally().failures(), 2);
}

#[tokio::test]
async fn what_a_leaving_target_has_it_finishes() {
    let balancer = start(LONG).await;
    let mut leaving = add(&balancer, "backend-blue").await;
    let (guest, door) = (Guest::new(), balancer.production());
    let mut answer = guest.open(door, "/api/events").await;
    let mut stream = leaving.streams.recv().await.unwrap();
    balancer
        .deregister("backend-blue", leaving.address)
        .unwrap();
    let targets = balancer.health("backend-blue").unwrap();
    assert_eq!(
        (targets[0].health, targets[0].in_flight),
        (Health::Draining, 1)
    );
    assert_eq!(guest.get(door, "/api/themes").await.0, 503);
    stream.send_data(Bytes::from("last")).await.unwrap();
    drop(stream);
    let frame = answer.frame().await.unwrap().unwrap();
    assert_eq!(frame.into_data().unwrap(), "last");
    assert!(answer.frame().await.is_none());
    wait_for(&balancer, "backend-blue", &[]).await;
    let samples = balancer.tally().samples();
    assert_eq!(samples.last().unwrap().ending, Ending::Complete);
}

#[tokio::test]
async fn what_takes_longer_than_the_delay_is_cut_off() {
    let balancer = start(Duration::from_millis(20)).await;
    let mut leaving = add(&balancer, "backend-blue").await;
    let guest = Guest::new();
    let mut answer = guest.open(balancer.production(), "/api/events").await;
    let _stream = leaving.streams.recv().await.unwrap();
    balancer
        .deregister("backend-blue", leaving.address)
        .unwrap();
    assert!(answer.frame().await.unwrap().is_err());
    wait_for(&balancer, "backend-blue", &[]).await;
    let samples = balancer.tally().samples();
    assert_eq!(samples[0].ending, Ending::Broken);
    assert_eq!(balancer.tally().failures(), 1);
}

#[tokio::test]
async fn events_arrive_one_by_one_and_a_lost_target_breaks_them() {
    let balancer = start(LONG).await;
    let mut target = add(&balancer, "backend-blue").await;
    let guest = Guest::new();
    let mut answer = guest.open(balancer.production(), "/api/events").await;
    let mut stream = target.streams.recv().await.unwrap();
    for event in ["one", "two"] {
        stream.send_data(Bytes::from(event)).await.unwrap();
        // Nothing else is sent before this one is here.
        let frame = answer.frame().await.unwrap().unwrap();
        assert_eq!(frame.into_data().unwrap(), event);
    }
    drop(target);
    assert!(answer.frame().await.unwrap().is_err());
    assert_eq!(balancer.tally().failures(), 1);
}

#[tokio::test]
async fn uploads_arrive_piece_by_piece() {
    let balancer = start(LONG).await;
    let mut target = add(&balancer, "backend-blue").await;
    let (mut sender, body) = Channel::<Bytes, Infallible>::new(8);
    let address = format!("http://{}/api/upload", balancer.production());
    let sending = tokio::spawn(async move {
        let request = Request::put(address);
        read(Guest::new().send(request, BodyExt::boxed(body)).await).await
    });
    for piece in ["one", "two"] {
        sender.send_data(Bytes::from(piece)).await.unwrap();
        assert_eq!(target.pieces.recv().await.unwrap(), piece);
    }
    drop(sender);
    assert_eq!(sending.await.unwrap(), (200, "taken".to_owned()));
}

#[tokio::test]
async fn targets_learn_who_asks_and_for_which_host() {
    let balancer = start(LONG).await;
    let _target = add(&balancer, "backend-blue").await;
    let request = Request::get(format!("http://{}/api/headers", balancer.production()))
        .header("host", "booth.example")
        .header("x-forwarded-for", "192.0.2.7")
        .header("te", "trailers");
    let answer = Guest::new()
        .send(request, BodyExt::boxed(Empty::new()))
        .await;
    let expected = "booth.example 192.0.2.7, 127.0.0.1 -".to_owned();
    assert_eq!(read(answer).await, (200, expected));
}

#[tokio::test]
async fn answers_are_counted() {
    let balancer = start(LONG).await;
    let _blue = add(&balancer, "backend-blue").await;
    let (guest, door) = (Guest::new(), balancer.production());
    for path in ["/api/themes", "/api/broken", "/api/themes"] {
        guest.get(door, path).await;
    }
    let cells = balancer.tally().by_second();
    assert!(cells.keys().all(|(group, _)| group == "backend-blue"));
    let count = |status: u16| -> u64 {
        let cells = cells.values();
        cells.filter_map(|cell| cell.statuses.get(&status)).sum()
    };
    assert_eq!((count(200), count(500)), (2, 1));
    let failures: u64 = cells.values().map(|cell| cell.failures).sum();
    assert_eq!((failures, balancer.tally().failures()), (1, 1));
    let samples = balancer.tally().samples();
    assert!(
        samples
            .iter()
            .all(|it| it.is_of_target && it.ending == Ending::Complete)
    );
    for cell in cells.values() {
        let (half, all) = (
            cell.percentile_ms(0.5).unwrap(),
            cell.percentile_ms(1.0).unwrap(),
        );
        assert!(half > 0.0 && half <= all);
    }
}
