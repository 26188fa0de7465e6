import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Markdown } from './markdown';

test("a card's own drawings are shown, other pictures are not", () => {
  const text = '![ROC](roc.svg) ![x](https://elsewhere.example/a.svg) ![y](../other/roc.svg)';
  render(<Markdown model="visual_resnet18" text={text} />);

  const [figure, ...others] = screen.getAllByRole('img');
  expect(figure).toHaveAttribute('src', '/models/visual_resnet18/roc.svg');
  expect(figure).toHaveAccessibleName('ROC');
  expect(others).toEqual([]);
});
