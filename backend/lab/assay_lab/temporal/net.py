"""A small bidirectional LSTM over face embeddings.

Güera and Delp, "Deepfake Video Detection Using Recurrent Neural Networks", AVSS 2018, in spirit;
it also sees what changed since the last step, because forgeries flicker.
"""

import torch
from torch import Tensor, nn

EMBEDDING = 512
"""Values of the visual network's embedding of a face."""


class TemporalBiLSTM(nn.Module):
    """(n, steps, 512) embeddings at a fixed rate -> (n,) logits."""

    def __init__(self, width: int = 48, dropout: float = 0.3) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(2 * EMBEDDING)
        self.reduce = nn.Linear(2 * EMBEDDING, width)
        self.lstm = nn.LSTM(width, width, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(4 * width, 1)

    def forward(self, embeddings: Tensor) -> Tensor:
        first = torch.zeros_like(embeddings[:, :1])
        change = torch.cat([first, embeddings[:, 1:] - embeddings[:, :-1]], dim=1)
        x = self.reduce(self.norm(torch.cat([embeddings, change], dim=2)))
        x, _ = self.lstm(self.dropout(torch.relu(x)))
        pooled = torch.cat([x.mean(dim=1), x.amax(dim=1)], dim=1)
        return self.classify(self.dropout(pooled)).squeeze(1)
