using System.Globalization;
using Grid.Primitives;
using Grid.Train.Boosting;
using Grid.Train.Data;

namespace Grid.Train.Packages;

/// <summary>One training: from a file to a folder that can be registered. Immutable.</summary>
internal sealed record TrainingRequest
{
    /// <summary>The Parquet file.</summary>
    public required string Data { get; init; }

    /// <summary>Folder to make; must not be there yet.</summary>
    public required string Folder { get; init; }

    public TrainingColumns Columns { get; init; } = new();

    public BoostingOptions Boosting { get; init; } = new();

    /// <summary>Share of the rows, the last ones by time, that are held back to stop by and to measure on. Default 0.2; 0 to 0.9.</summary>
    public double ValidationShare { get; init; } = 0.2;

    /// <summary>Name of the prediction in answers. Default: the ONNX output's.</summary>
    public string? OutputName { get; init; }

    public string? Description { get; init; }

    public string? Parent { get; init; }

    public string? Signal { get; init; }

    public string? Code { get; init; }

    /// <summary>YAML that is added to the manifest as it is; the grid checks it when the version is registered.</summary>
    public string? ManifestLines { get; init; }

    /// <summary>For tests of the guards only: each row gets another row's label, by the seed.</summary>
    public bool FaultShuffleLabels { get; init; }

    /// <exception cref="GridException">Every value that is out of its range.</exception>
    public void Require()
    {
        var errors = new List<GridError>(Boosting.Check());
        if (!(ValidationShare is >= 0 and <= 0.9))
        {
            errors.Add(GridError.Invalid("--validation-share", string.Create(CultureInfo.InvariantCulture, $"is {ValidationShare}."), "Allowed: 0 to 0.9."));
        }

        if (Directory.Exists(Folder) || File.Exists(Folder))
        {
            errors.Add(new GridError(GridErrorCode.AlreadyExists, $"--out '{Folder}'", "is there already.", "Name a new folder: a version is never written over."));
        }

        if (errors.Count > 0)
        {
            throw new GridException(errors);
        }
    }
}
