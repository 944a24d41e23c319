//! Counted places: so many in all, so many for one client.

use super::Client;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Places to be taken.
#[derive(Debug)]
pub struct Seats {
    all: Arc<Semaphore>,
    each: u32,
    taken: Taken,
}

/// A place, free again when it is dropped.
#[derive(Debug)]
pub struct Seat {
    _place: OwnedSemaphorePermit,
    _share: Option<Share>,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// All are taken.
    All,
    /// This client has its share.
    Client,
}

/// How many places each client has; nobody is in it who has none.
#[derive(Clone, Debug, Default)]
struct Taken(Arc<Mutex<HashMap<Client, u32>>>);

#[derive(Debug)]
struct Share {
    client: Client,
    taken: Taken,
}

impl Seats {
    pub fn new(all: u32, each: u32) -> Self {
        Self {
            all: Arc::new(Semaphore::new(all as usize)),
            each,
            taken: Taken::default(),
        }
    }

    /// Takes a place if there is one.
    ///
    /// # Errors
    /// There is none, or none for this client.
    pub fn try_take(&self, client: Client) -> Result<Seat, Full> {
        let place = self.all.clone().try_acquire_owned();
        self.seat(place.map_err(|_| Full::All)?, Some(client))
    }

    /// Waits for a place; [`Self::seat`] then says whose it is.
    pub(super) async fn wait(&self) -> Option<OwnedSemaphorePermit> {
        // Only a closed semaphore gives none, and nobody closes this one.
        self.all.clone().acquire_owned().await.ok()
    }

    /// Gives a place to a client; without one it counts for nobody.
    pub(super) fn seat(
        &self,
        place: OwnedSemaphorePermit,
        client: Option<Client>,
    ) -> Result<Seat, Full> {
        let share = client.map(|client| self.taken.share(client, self.each));
        Ok(Seat {
            _place: place,
            _share: share.transpose()?,
        })
    }
}

impl Taken {
    fn lock(&self) -> MutexGuard<'_, HashMap<Client, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn share(&self, client: Client, limit: u32) -> Result<Share, Full> {
        let mut shares = self.lock();
        let count = shares.entry(client).or_default();
        if *count >= limit {
            return Err(Full::Client);
        }
        *count += 1;
        Ok(Share {
            client,
            taken: self.clone(),
        })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut shares = self.taken.lock();
        if let Some(count) = shares.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                shares.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    #[test]
    fn places_are_counted_and_come_back() {
        let [one, other] = ["192.0.2.1", "192.0.2.2"]
            .map(|address| Client::at(address.parse::<IpAddr>().unwrap()));
        let seats = Seats::new(3, 2);
        let first = seats.try_take(one).unwrap();
        let _second = seats.try_take(one).unwrap();
        assert_eq!(seats.try_take(one).unwrap_err(), Full::Client);
        let third = seats.try_take(other).unwrap();
        assert_eq!(seats.try_take(other).unwrap_err(), Full::All);
        drop(first);
        let _fourth = seats.try_take(one).unwrap();
        drop(third);
        assert!(!seats.taken.lock().contains_key(&other));
        assert_eq!(seats.try_take(one).unwrap_err(), Full::Client);
        seats.try_take(other).unwrap();
    }
}
