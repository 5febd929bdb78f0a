/// A function that a layer applies to its outputs, by its Keras name.
package enum ActivationFunction: String, CaseIterable, Hashable, Sendable {
  case linear, relu, sigmoid, softmax, tanh
}
