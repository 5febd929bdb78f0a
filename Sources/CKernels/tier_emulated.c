// The kernels for any processor of this kind, with fused multiply-add by a detour.
#include "tier.h"

#if defined(__x86_64__)
#include "fused.h"

#define TIER emulated
#define WIDTH 4
#define ROWS 6
#define FUSED 2
#include "tier.inc.h"
#endif
