import CKernels
import Tensors

// What a session measures of a step besides running it: the same kernels, outside the plan.

/// A learned parameter and its gradient in an execution's memory.
struct LearnedMemory {
  let weight: UnsafeMutablePointer<Float>
  let gradient: UnsafeMutablePointer<Float>
  let count: Int
}

extension Execution {
  /// The numbers of all learned parameters, one after the other.
  package var learnedNumberCount: Int { learnedCount }

  /// Copies the numbers of all learned parameters, one after the other.
  package func copyLearned(to target: UnsafeMutablePointer<Float>) {
    var target = target
    for parameter in learned {
      target.update(from: parameter.weight, count: parameter.count)
      target += parameter.count
    }
  }

  /// The sum of the squares of all numbers of a value.
  package func sumOfSquares(of value: Value) -> Float {
    var (call, result): (bs_call, Float) = (bs_call(), 0)
    withNumbers(of: value) { (call.p.0, call.n.0) = ($0.baseAddress, Int64($0.count)) }
    withUnsafeMutablePointer(to: &result) { result in
      call.p.1 = result
      Kernel.sumSquares.function(&call)
    }
    return result
  }

  /// ‖∂L/∂w‖² over all learned parameters.
  package func gradientSquares() -> Float {
    let kernel = Kernel.sumSquares.function
    var (call, sum, part): (bs_call, Float, Float) = (bs_call(), 0, 0)
    withUnsafeMutablePointer(to: &part) { part in
      for parameter in learned {
        (call.p.0, call.p.1, call.n.0) = (parameter.gradient, part, Int64(parameter.count))
        kernel(&call)
        sum += part.pointee
      }
    }
    return sum
  }

  /// ‖Δw‖² and ‖w‖² over all learned parameters since `before`, which then holds the present
  /// numbers.
  package func changeSquares(
    since before: UnsafeMutablePointer<Float>
  ) -> (change: Float, size: Float) {
    let kernel = Kernel.changeSquares.function
    var (call, before, change, size): (bs_call, _, Float, Float) = (bs_call(), before, 0, 0)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2) { sums in
      for parameter in learned {
        (call.p.0, call.p.1, call.p.2) = (parameter.weight, before, sums.baseAddress)
        call.n.0 = Int64(parameter.count)
        kernel(&call)
        change += sums[0]
        size += sums[1]
        before += parameter.count
      }
    }
    return (change, size)
  }

  /// The share of the rows of the prediction that agree with the target.
  package func shareRight(_ accuracy: AccuracyFunction) -> Float {
    Float(countRight(accuracy)) / Float(outputRows)
  }

  /// How many rows of the prediction agree with the target.
  package func countRight(_ accuracy: AccuracyFunction, threshold: Float = 0.5) -> Int {
    guard let judged else { preconditionFailure("a plan without targets") }
    var (call, result): (bs_call, Float) = (bs_call(), 0)
    (call.p.0, call.p.1) = (judged.prediction, judged.target)
    (call.n.0, call.n.1) = (Int64(accuracy.rawValue), Int64(outputRows))
    (call.n.2, call.f.0) = (Int64(judged.width), threshold)
    withUnsafeMutablePointer(to: &result) { result in
      call.p.2 = result
      Kernel.accuracy.function(&call)
    }
    return Int(result)
  }
}
