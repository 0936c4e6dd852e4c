using System.Runtime.InteropServices;
using Grid.Primitives;

namespace Grid.Train.Boosting;

/// <summary>Turns the library's failures into errors.</summary>
internal static class LightGbm
{
    /// <exception cref="GridException">The call failed; with the library's own words.</exception>
    public static void Check(int status)
    {
        if (status != 0)
        {
            throw new GridError(GridErrorCode.Internal, "LightGBM", $"failed: {Marshal.PtrToStringUTF8(LightGbmApi.LGBM_GetLastError())}").ToException();
        }
    }

    /// <exception cref="GridException">The native library, or what it needs, is not on this machine.</exception>
    public static void RequireLibrary()
    {
        try
        {
            _ = LightGbmApi.LGBM_GetLastError();
        }
        catch (DllNotFoundException exception)
        {
            throw new GridException(
                new GridError(GridErrorCode.FailedPrecondition, "LightGBM", "cannot be loaded: its library, or libgomp which it needs, is missing.", "On Debian: apt-get install libgomp1. It runs on x64."),
                exception);
        }
    }
}
