extension Reference {
  /// w ← w - lr·g, or with momentum: v ← momentum·v - lr·g, then w ← w + v.
  ///
  /// Nesterov's form looks ahead: w ← w + momentum·v - lr·g. (Sutskever et al., 2013)
  static func sgd<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (w, g, velocity) = (call[0], call[1], call.buffers[2])
    let (count, isNesterov) = (call.sizes[0], call.sizes[1] != 0)
    let lr = Scalar(call.environment.learningRate)
    let momentum = Scalar(call.constants[0])
    for i in 0..<count {
      let move = lr * g[i]
      if let v = velocity, momentum != 0 {
        v[i] = momentum * v[i] - move
        w[i] += isNesterov ? momentum * v[i] - move : v[i]
      } else {
        w[i] -= move
      }
    }
  }
}
