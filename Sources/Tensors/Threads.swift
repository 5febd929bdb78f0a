import CKernels

/// Sets the number of threads that kernels may use, the calling one included. Results do not depend
/// on it. Call while no kernel runs.
package func setKernelThreads(_ count: Int) { bs_set_threads(Int32(clamping: max(1, count))) }

/// The instruction set that kernels run on: part of a run's identity.
package func kernelTier() -> String { String(cString: bs_tier()) }

/// Flushes denormal numbers to zero on the calling thread; each thread that computes calls it once.
package func flushDenormals() { bs_flush_denormals() }
