#!/usr/bin/env node
'use strict';

// Old JavaScript, so that an older Node can run it and say the reason.
var needed = require('../package.json').engines.node.match(/\d+/g).map(Number);
var found = process.versions.node.split('.').map(Number);

if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
  console.error(
    'Curfew needs Node ' +
      needed[0] +
      '.' +
      needed[1] +
      ' or newer, but this is Node ' +
      process.versions.node +
      '.',
  );
  process.exitCode = 1;
} else {
  import('../server/curfew.js');
}
