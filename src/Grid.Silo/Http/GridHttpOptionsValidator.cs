using Microsoft.Extensions.Options;

namespace Grid.Silo.Http;

/// <summary>Checks the limits of the HTTP doors and reports all mistakes at once.</summary>
internal sealed class GridHttpOptionsValidator : IValidateOptions<GridHttpOptions>
{
    public ValidateOptionsResult Validate(string? name, GridHttpOptions options)
    {
        var errors = new List<string>();
        Check(errors, nameof(options.MaxBodyBytes), options.MaxBodyBytes, 1 << 10, 1 << 30);
        Check(errors, nameof(options.MaxModelBytes), options.MaxModelBytes, 1 << 10, 1L << 40);
        Check(errors, nameof(options.MaxModelFiles), options.MaxModelFiles, 1, 10_000);
        Check(errors, nameof(options.MaxEvents), options.MaxEvents, 1, 1_000_000);
        Check(errors, nameof(options.MaxPredictItems), options.MaxPredictItems, 1, 100_000);
        if (string.IsNullOrWhiteSpace(options.UploadFolder))
        {
            errors.Add($"{nameof(options.UploadFolder)}: is empty; name a folder that the process may write to.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void Check(List<string> errors, string name, long value, long min, long max)
    {
        if (value < min || value > max)
        {
            errors.Add($"{name}: {value} is outside {min} to {max}.");
        }
    }
}
