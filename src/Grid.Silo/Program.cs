System.Console.WriteLine("grid");
