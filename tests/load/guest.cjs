// What a guest brings along: one photo, and the patience to wait for its portrait.

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const photo = readFileSync(join(__dirname, '../photos/astronaut.png'));

/** Asks for leave to upload exactly this photo. */
function announcePhoto(request, context, events, next) {
  request.json = { fileName: 'photo.png', fileType: 'image/png', fileSize: photo.length };
  next();
}

/** Sends it, with the headers that its address was signed with. */
function attachPhoto(request, context, events, next) {
  request.headers = context.vars.uploadHeaders;
  request.body = photo;
  next();
}

/** Whether the job goes on. */
function isWaiting(context, next) {
  next(['queued', 'processing'].includes(context.vars.status));
}

module.exports = { announcePhoto, attachPhoto, isWaiting };
