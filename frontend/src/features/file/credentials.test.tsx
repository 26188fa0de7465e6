import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Credentials } from '@/api/types';
import { report } from '@/testing/fixtures';
import { CredentialsPanel } from './credentials';
import { FileFacts } from './file-facts';

const signed: Credentials = {
  state: 'intact',
  problems: [],
  reason: null,
  issuer: 'Example Cameras',
  commonName: 'Camera 42',
  signedAt: '2026-11-20T10:00:00+00:00',
  generator: 'Camera firmware 1.2',
  actions: [
    { action: 'c2pa.created', sourceType: 'digitalCapture', software: null, when: null },
    { action: 'org.example.sparkle', sourceType: null, software: 'Editor', when: null },
  ],
  sourceTypes: ['digitalCapture'],
  ingredients: 2,
};

test('most files carry none, and that is said to mean nothing', () => {
  render(<FileFacts report={report} />);
  expect(screen.getByRole('heading', { name: 'Content Credentials' })).toBeVisible();
  expect(screen.getByText(/carries none.*says nothing/)).toBeVisible();
});

test('a report from before they were read keeps silent about them', () => {
  const hints = { ...report.hints, credentials: undefined } as unknown as typeof report.hints;
  render(<FileFacts report={{ ...report, hints }} />);
  expect(screen.queryByText('Content Credentials')).toBeNull();
});

test('intact ones are told with their signer, whom nobody has checked', () => {
  render(<CredentialsPanel credentials={signed} />);
  expect(screen.getByText(/^Intact/)).toBeVisible();
  expect(screen.getByText('Camera 42')).toBeVisible();
  expect(screen.getByText('Example Cameras')).toBeVisible();
  expect(screen.getByText(/20 Nov 2026/)).toBeVisible();
  expect(screen.getByText('taken by a camera')).toBeVisible();
  expect(screen.getByText('created · org.example.sparkle (Editor)')).toBeVisible();
  expect(screen.getByText('2 other media')).toBeVisible();
  expect(screen.getByText(/no list of trusted signers/)).toBeVisible();
  expect(screen.queryByText(/generative AI/)).toBeNull();
});

test('generative AI is named when intact credentials own to it', () => {
  render(
    <CredentialsPanel credentials={{ ...signed, sourceTypes: ['trainedAlgorithmicMedia'] }} />,
  );
  expect(screen.getByText(/generative AI made it or a part of it/)).toBeVisible();
});

test('invalid ones say why, each reason once, and claim nothing for themselves', () => {
  const problems = ['assertion.dataHash.mismatch', 'assertion.boxesHash.mismatch', 'some.newCode'];
  const sourceTypes = ['trainedAlgorithmicMedia'];
  render(<CredentialsPanel credentials={{ ...signed, state: 'invalid', problems, sourceTypes }} />);
  expect(screen.getByText(/do not rely on what they state/)).toBeVisible();
  expect(screen.getAllByText('The file was changed after signing.')).toHaveLength(1);
  expect(screen.getByText('some.newCode')).toBeVisible();
  expect(screen.queryByText(/By their own account/)).toBeNull();
});

test('unreadable ones say why', () => {
  const reason = 'Reading the credentials failed or took too long.';
  const nothing = { issuer: null, commonName: null, signedAt: null, generator: null };
  const empty = { actions: [], sourceTypes: [], ingredients: 0 };
  const state = 'unreadable';
  render(<CredentialsPanel credentials={{ ...signed, ...nothing, ...empty, state, reason }} />);
  expect(screen.getByText(/cannot be read/)).toBeVisible();
  expect(screen.getByText(reason)).toBeVisible();
});

test('a time stamp that is none is shown as it is', () => {
  render(<CredentialsPanel credentials={{ ...signed, signedAt: 'last Tuesday' }} />);
  expect(screen.getByText('last Tuesday')).toBeVisible();
});
