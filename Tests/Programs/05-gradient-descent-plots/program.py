# expects: same
import numpy as np
import matplotlib.pyplot as plt

np.random.seed(42)
m = 100
X = 2 * np.random.rand(m, 1)
y = 4 + 3 * X + np.random.randn(m, 1)

plt.figure(figsize=(6, 4))
plt.plot(X, y, "b.")
plt.xlabel("$x_1$")
plt.ylabel("$y$", rotation=0)
plt.axis([0, 2, 0, 15])
plt.grid()
plt.show()

# The normal equation
X_b = np.c_[np.ones((m, 1)), X]
theta_best = np.linalg.inv(X_b.T @ X_b) @ X_b.T @ y
print("normal equation:", theta_best.ravel())

# Batch gradient descent
eta = 0.1  # learning rate
n_epochs = 1000
theta = np.random.randn(2, 1)
losses = []
for epoch in range(n_epochs):
    gradients = 2 / m * X_b.T @ (X_b @ theta - y)
    theta = theta - eta * gradients
    losses.append(((X_b @ theta - y) ** 2).mean())
print("batch gradient descent:", theta.ravel())
print("loss: %.6f -> %.6f" % (losses[0], losses[-1]))

# Stochastic gradient descent with a learning schedule
t0, t1 = 5, 50

def learning_schedule(t):
    return t0 / (t + t1)

theta = np.zeros((2, 1))
for epoch in range(50):
    for iteration in range(m):
        i = np.random.randint(m)
        xi, yi = X_b[i:i + 1], y[i:i + 1]
        gradients = 2 * xi.T @ (xi @ theta - yi)
        theta = theta - learning_schedule(epoch * m + iteration) * gradients
print("stochastic gradient descent:", theta.ravel())

fig, axes = plt.subplots(1, 2, figsize=(10, 4))
axes[0].plot(losses)
axes[0].set_title("Loss")
axes[1].scatter(X, y, alpha=0.5, label="data")
axes[1].plot(X, X_b.dot(theta_best), "r-", label=f"y = {theta_best[1, 0]:.2f}x")
axes[1].legend()
plt.tight_layout()
plt.savefig("fit.png")
plt.show()
