# expects: same
"""Reinforcement learning without a network: a bandit with three arms, and a walk to the goal."""
import numpy as np
import random

# --- epsilon-greedy bandit
class Bandit:
    def __init__(self, p):
        self.p = p
        self.p_estimate = 0.
        self.N = 0.

    def pull(self, rng):
        # draw a 1 with probability p
        return rng.random() < self.p

    def update(self, x):
        self.N += 1.
        self.p_estimate = ((self.N - 1) * self.p_estimate + x) / self.N

    def __repr__(self):
        return f"Bandit({self.p})"


rng = np.random.default_rng(2024)
bandits = [Bandit(p) for p in [0.2, 0.5, 0.75]]
rewards = np.zeros(1000)
explored = 0
for i in range(1000):
    if rng.random() < 0.1:
        explored += 1
        j = int(rng.integers(len(bandits)))
    else:
        j = int(np.argmax([b.p_estimate for b in bandits]))
    x = bandits[j].pull(rng)
    rewards[i] = x
    bandits[j].update(x)

for b in bandits:
    print(b, "estimate: %.4f after %d pulls" % (b.p_estimate, b.N))
print("total reward:", int(rewards.sum()), "explored:", explored)

# --- Q-learning on a 4 by 4 grid
SIZE, GOAL = 4, 15
HOLES = {5, 7, 11}
ACTIONS = ["left", "down", "right", "up"]

def move(state, action):
    row, col = divmod(state, SIZE)
    if action == 0:
        col = max(col - 1, 0)
    elif action == 1:
        row = min(row + 1, SIZE - 1)
    elif action == 2:
        col = min(col + 1, SIZE - 1)
    else:
        row = max(row - 1, 0)
    state = row * SIZE + col
    if state == GOAL:
        return state, 1.0, True
    return state, (-1.0 if state in HOLES else -0.01), state in HOLES

np.random.seed(1)
random.seed(1)
Q = np.zeros((SIZE * SIZE, len(ACTIONS)))
alpha, gamma, epsilon = 0.5, 0.95, 1.0
for episode in range(300):
    state, done, steps = 0, False, 0
    while not done and steps < 50:
        if np.random.uniform() < epsilon:
            action = np.random.choice(len(ACTIONS))
        else:
            action = np.argmax(Q[state])
        new_state, reward, done = move(state, action)
        Q[state, action] += alpha * (reward + gamma * np.max(Q[new_state]) * (not done) - Q[state, action])
        state = new_state
        steps += 1
    epsilon = max(0.05, epsilon * 0.98)

state, path = 0, [0]
while state != GOAL and len(path) < 20:
    state, _, _ = move(state, int(Q[state].argmax()))
    path.append(state)
print("path:", " -> ".join(map(str, path)))
print("value of the start: %.5f" % Q[0].max())
print("policy:", [ACTIONS[a][0] for a in Q.argmax(axis=1)])
