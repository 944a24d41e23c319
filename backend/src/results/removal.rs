//! Removes a visit: photo, portrait and row. Marked first, so that nobody sees it any more and a removal that was
//! cut off is ended by the sweeper.

use crate::app::App;
use crate::jobs::News;
use crate::photo_id::PhotoId;
use api::OutputFormat;
use sqlx::AnyPool;

/// Marks a visit as gone: for everybody but the sweeper there is no such photo any more, and whoever renders it
/// loses its lease. `false` when there is none.
///
/// # Errors
/// The database does not answer.
pub async fn mark(pool: &AnyPool, photo: PhotoId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE photos SET status = 'expiring' WHERE id = $1")
        .bind(photo.to_string())
        .execute(pool)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes what a marked visit has left, objects first: as long as the row is there, somebody knows of them.
///
/// # Errors
/// Database or storage do not answer; the sweeper tries again.
pub async fn finish(app: &App, photo: PhotoId) -> anyhow::Result<()> {
    app.storage.delete(&photo.upload_key()).await?;
    for format in [OutputFormat::Jpeg, OutputFormat::Png] {
        app.storage.delete(&photo.result_key(format)).await?;
    }
    sqlx::query("DELETE FROM photos WHERE id = $1 AND status = 'expiring'")
        .bind(photo.to_string())
        .execute(&app.db.pool)
        .await?;
    app.changes.announce(News::Moved(photo)).await;
    Ok(())
}
