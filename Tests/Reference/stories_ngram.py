"""The best n-gram model of the stories' characters, in nats per character on held-out stories.

Interpolated Kneser-Ney with one discount for each order, as Chen and Goodman (1999) describe it:
the highest order counts occurrences, the lower ones the different characters that stood before.
The last tenth of the characters is held out; n runs from 1 to 24. A model sees the characters
before a place without a gap, those of the window before too.

Run: python stories_ngram.py stories.npz > stories_ngram.txt
(backstep data export stories -o stories.npz)
"""

import math
import sys
from collections import defaultdict

import numpy as np


def discount(counts):
    """D = n1 / (n1 + 2 n2) from how many kinds come once and twice (Ney, Essen, Kneser 1994)."""
    once = sum(1 for by in counts.values() for c in by.values() if c == 1)
    twice = sum(1 for by in counts.values() for c in by.values() if c == 2)
    return once / (once + 2 * twice) if once else 0.0


def model(text, n, kinds):
    """The counts of each order: context -> character -> count; continuation counts below n."""
    orders = []
    for order in range(1, n + 1):
        counts = defaultdict(lambda: defaultdict(int))
        if order == n:
            for i in range(order - 1, len(text)):
                counts[text[i - order + 1:i]][text[i]] += 1
        else:
            before = defaultdict(set)
            for i in range(order, len(text)):
                before[text[i - order + 1:i + 1]].add(text[i - order])
            for gram, kinds_before in before.items():
                counts[gram[:-1]][gram[-1]] = len(kinds_before)
        orders.append((counts, discount(counts)))
    sums = [{context: sum(by.values()) for context, by in counts.items()} for counts, _ in orders]

    def probability(context, character):
        p = 1 / kinds
        for order, ((counts, d), totals) in enumerate(zip(orders, sums)):
            here = context[len(context) - order:] if order else ()
            by = counts.get(here)
            if not by:
                break
            total = totals[here]
            p = max(by.get(character, 0) - d, 0) / total + d * len(by) / total * p
        return p

    return probability


def main():
    rows = np.load(sys.argv[1])["x"].astype(int)
    kinds = int(rows.max()) + 1
    cut = len(rows) - len(rows) // 10
    train, held = tuple(rows[:cut].ravel()), tuple(rows[cut:].ravel())
    everything = train + held
    for n in (1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24):
        probability = model(train, n, kinds)
        bits = [
            -math.log(probability(everything[i - n + 1:i], everything[i]))
            for i in range(len(train), len(everything))]
        print(f"n = {n}: {np.mean(bits):.4f} nats, {np.mean(bits) / math.log(2):.4f} bits")


main()
