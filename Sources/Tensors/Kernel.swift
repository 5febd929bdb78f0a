import CKernels

/// The kernels of the engine, in the order of `bs_kernel_id`: a kernel is a C function and, under
/// `Reference/`, its readable twin.
package enum Kernel: Int, CaseIterable, Sendable {
  case matMul, addBias, sumRows
  case map, mapGradient, productGradient
  case softmax, softmaxGradient
  case add, multiply, dropout, swapAxes
  case lstmCell, lstmOutput, lstmCellGradient
  case conv2D, conv2DInputGradient, conv2DKernelGradient
  case maxPool2D, maxPool2DGradient
  case averagePool2D, averagePool2DGradient
  case affineTransform, affineTransformGradient
  case loss, lossGradient, accuracy
  case sgd, adam
  case sumSquares, changeSquares
  case copyStrided, addStrided
  case batchedMatMul
  case gather, scatterAdd, oneHot
  case alongAxis, alongAxisGradient
  case random
  case evaluate, reduce, reduceGradient

  /// The fastest implementation that this processor runs.
  package var function: bs_kernel { bs_kernel_function(bs_kernel_id(UInt32(rawValue))) }
}

/// The functions of a scalar that the map kernels apply.
package enum ScalarFunction: Int, CaseIterable, Sendable {
  case linear, relu, sigmoid, tanh, exp
}

/// What a reduction makes of several numbers.
package enum Reduction: Int, CaseIterable, Hashable, Sendable {
  case sum, mean, maximum, minimum, product
}

/// The losses that the loss kernels compute.
package enum LossFunction: Int, CaseIterable, Sendable {
  case meanSquaredError, binaryCrossentropy, categoricalCrossentropy
  case sparseCategoricalCrossentropy
}

/// The accuracies that the accuracy kernel counts.
package enum AccuracyFunction: Int, CaseIterable, Sendable {
  case binary, categorical, sparseCategorical
}

/// The functions that the `alongAxis` kernel computes.
package enum AxisFunction: Int, CaseIterable, Sendable {
  case softmax, logSoftmax, logSumExp, argMax, argMin, cumulativeSum, cumulativeSumBackwards
  case argSort, argSortDown

  /// Whether the axis is gone afterwards: many numbers become one.
  package var reduces: Bool { self == .logSumExp || self == .argMax || self == .argMin }
}

/// The distributions that the `random` kernel draws from.
package enum RandomKind: Int, CaseIterable, Sendable {
  case uniform, normal, bernoulli
}

/// How a picture is read between its pixels: the nearest one, or four by their shares.
package enum Interpolation: Int, CaseIterable, Hashable, Sendable {
  case nearest, bilinear
}

/// What lies beyond a picture: a constant, its last pixels going on, the picture again, or mirrored.
package enum FillMode: Int, CaseIterable, Hashable, Sendable {
  case constant, nearest, wrap, reflect
}

/// Flags of `Kernel.matMul`.
package struct MatMulFlags: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// A is stored [K, M].
  package static let transposeA = MatMulFlags(rawValue: 1)
  /// B is stored [N, K].
  package static let transposeB = MatMulFlags(rawValue: 2)
  /// The product is added to C.
  package static let accumulate = MatMulFlags(rawValue: 4)
}
