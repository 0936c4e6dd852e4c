using System.Globalization;
using Confluent.Kafka;
using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>
/// The native library under the Kafka client. Confluent.Kafka falls back to a <c>librdkafka.so</c> of the system when its own does not load (for want of libsasl2, for example),
/// and says nothing; a distribution's one can be years older.
/// </summary>
public static class KafkaNativeLibrary
{
    /// <summary>2.16.0 as librdkafka writes versions: one byte each for major, minor, revision and pre-release (0xff: release).</summary>
    private const int MinVersion = 0x02_10_00_00;

    /// <exception cref="GridException">The library is missing or older than 2.16.</exception>
    public static void Require()
    {
        GridError? error;
        try
        {
            error = Check(Library.Version, Library.VersionString);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or InvalidOperationException or TypeInitializationException)
        {
            throw new GridException(
                new GridError(
                    GridErrorCode.FailedPrecondition,
                    "librdkafka",
                    $"cannot be loaded: {e.Message}",
                    "Publish for the machine's runtime identifier, so that the library of the librdkafka.redist package stands beside the program."),
                e);
        }

        if (error is not null)
        {
            throw error.ToException();
        }
    }

    /// <summary>The error for a library of this version, or null.</summary>
    public static GridError? Check(int version, string versionString) =>
        version >= MinVersion
            ? null
            : new GridError(
                GridErrorCode.FailedPrecondition,
                "librdkafka",
                string.Create(CultureInfo.InvariantCulture, $"has version {versionString} (0x{version:x8}), and 2.16.0 or later is needed: a library of the system was loaded in place of the program's own."),
                "Remove the distribution's development package (Debian: apt-get remove librdkafka-dev), or install the libsasl2 that the program's own library asks for.");
}
